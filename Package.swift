// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "tally",
    products: [
        .library(name: "Tally", targets: ["Tally"]),
        .library(name: "TallyRuntime", targets: ["TallyRuntime"]),
        .library(name: "TallySinks", targets: ["TallySinks"]),
        .library(name: "TallyTesting", targets: ["TallyTesting"]),
        .executable(name: "documents", targets: ["documents"]),
        .executable(name: "echo", targets: ["echo"]),
        .executable(name: "hello", targets: ["hello"]),
        .executable(name: "stream", targets: ["stream"]),
        .executable(name: "bench-model", targets: ["bench-model"]),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CTally", dependencies: ["CCurl", "COpenSSL"]),

        .target(name: "TallyWire", dependencies: ["CTally"]),
        .target(name: "TallyMetrics", dependencies: ["TallyWire", "CTally"]),
        .target(name: "TallyHTTP", dependencies: ["TallyWire", "CTally"]),
        .target(name: "TallyAWS", dependencies: ["TallyHTTP", "TallyMetrics", "TallyWire"]),
        .target(name: "TallySinks", dependencies: ["TallyAWS", "TallyHTTP", "TallyMetrics", "TallyWire"]),
        .target(name: "TallyModel", dependencies: ["TallyAWS", "TallyHTTP", "TallyMetrics", "TallyWire"]),
        .target(name: "TallyRuntime", dependencies: ["TallyHTTP", "TallyMetrics", "TallyWire", "CTally"]),
        .target(name: "TallyEvents", dependencies: ["TallyWire"]),
        .target(
            name: "Tally",
            dependencies: [
                "TallyWire", "TallyHTTP", "TallyMetrics", "TallyAWS", "TallyModel", "TallyRuntime", "TallyEvents",
                "TallySinks",
            ]
        ),

        .target(name: "TallyTesting", dependencies: ["TallyRuntime", "TallyHTTP", "TallyMetrics", "TallyWire"]),

        .executableTarget(name: "documents", dependencies: ["Tally"]),
        .executableTarget(name: "echo", dependencies: ["TallyRuntime"]),
        .executableTarget(name: "hello", dependencies: ["TallyRuntime"]),
        .executableTarget(name: "stream", dependencies: ["TallyRuntime"]),

        .executableTarget(name: "bench-model", dependencies: ["Tally", "TallyHTTP", "CTally"]),

        .testTarget(name: "TallyWireTests", dependencies: ["TallyTestServer", "TallyWire"]),
        .testTarget(name: "TallyMetricsTests", dependencies: ["TallyMetrics", "TallyTestServer", "TallyWire"]),
        .testTarget(
            name: "TallyHTTPTests", dependencies: ["TallyHTTP", "TallyTestServer", "TallyWire", "runtime-fixture"]),
        .testTarget(
            name: "TallyAWSTests",
            dependencies: ["TallyAWS", "TallyHTTP", "TallyMetrics", "TallyTestServer", "TallyWire", "soak"]),
        .testTarget(
            name: "TallySinksTests",
            dependencies: ["TallySinks", "TallyAWS", "TallyHTTP", "TallyMetrics", "TallyTestServer", "TallyWire"]),
        .testTarget(name: "TallyModelTests", dependencies: ["Tally"]),
        .testTarget(
            name: "TallyRuntimeTests",
            dependencies: [
                "TallyRuntime", "TallyHTTP", "TallyMetrics", "TallyTestServer", "TallyWire", "runtime-fixture", "echo",
                "hello",
            ]
        ),
        .testTarget(name: "TallyTests", dependencies: ["Tally", "TallyHTTP", "TallyMetrics", "TallyWire"]),
        .testTarget(name: "DocumentsTests", dependencies: ["TallyTestServer", "documents"]),
        .testTarget(
            name: "TallyTestingTests", dependencies: ["TallyTesting", "TallyHTTP", "TallyMetrics", "TallyWire"]),
        .testTarget(name: "TallyEventsTests", dependencies: ["TallyEvents", "TallyWire"]),

        // What tests share: a server on loopback, the rules of lines, and functions that misbehave.
        .target(name: "TallyTestServer", dependencies: ["TallyWire"], path: "Tests/TallyTestServer"),
        .executableTarget(
            name: "soak", dependencies: ["TallyAWS", "TallyHTTP", "TallyMetrics", "TallyWire"], path: "Tests/Soak"),
        .executableTarget(
            name: "runtime-fixture",
            dependencies: ["TallyRuntime", "TallyAWS", "TallyHTTP", "TallyMetrics", "TallyWire"],
            path: "Tests/RuntimeFixture"),
    ]
)

// Functions are compiled as in a package of their own, which has none of the upcoming features.
let functions = ["documents", "echo", "hello", "stream", "bench-model", "runtime-fixture"]
// Not in TallyRuntime: with it, the methods of a `@MainActor` function are inferred to be nonisolated from the
// requirements that they implement, and cannot touch their own state (Swift 6.3.1).
// https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
let callerIsolation = SwiftSetting.enableUpcomingFeature("NonisolatedNonsendingByDefault")

for target in package.targets where [.regular, .executable, .test].contains(target.type) && target.name != "CTally" {
    target.swiftSettings =
        functions.contains(target.name)
        ? [.swiftLanguageMode(.v6)] : settings + (target.name == "TallyRuntime" ? [] : [callerIsolation])
}
