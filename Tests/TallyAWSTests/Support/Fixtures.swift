import Foundation
import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

extension ServiceClient {
    static let local = "http://127.0.0.1:4566"

    /// A client whose services are all at ``local``.
    static func scripted(
        _ transport: any Transport, clock: FixedClock = FixedClock(), retry: RetryPolicy = .standard,
        overrides: [Service: String] = [.dynamoDB: local, .kms: local, .s3: local],
        credentials: any CredentialProvider = StaticCredentials(
            Credentials(accessKeyID: "AKID", secretAccessKey: "secret", sessionToken: "token")
        )
    ) throws -> ServiceClient {
        ServiceClient(
            transport: transport, region: "us-east-1", credentials: credentials,
            endpoints: try Endpoints(overrides: overrides), retry: retry, effects: clock.effects
        )
    }
}

/// Runs `body` in a scope of its own and returns the record of its last call with the scope's figures.
func recorded(
    _ invocation: InvocationInfo = InvocationInfo(), _ body: () async throws -> Void
) async throws -> (last: CallRecord?, snapshot: MetricsSnapshot) {
    let scope = MetricsScope(invocation)
    try await MetricsScope.$current.withValue(scope) { try await body() }
    return (scope.last(for: .test), scope.snapshot())
}

/// Runs `body` with a logger, and returns the lines that it wrote.
func logLines(at level: LogLevel, _ body: (Logger) async throws -> Void) async throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let file = try #require(FileHandle(forWritingAtPath: path))
    try await body(Logger(minimumLevel: level, output: LineOutput(fileDescriptor: file.fileDescriptor)))
    try file.close()
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
}

extension ModelName {
    static let test = ModelName(rawValue: "Test")
}

extension Request {
    var bodyText: String { String(decoding: body.bytes ?? [], as: UTF8.self) }
    var target: String? { headers["X-Amz-Target"] }
    var path: Substring { RequestURL(url).path }
    var query: Substring { RequestURL(url).query }
}

/// The data that comes with the task, beside the repository; tests that need it are skipped where it is absent.
enum SharedData {
    static let root = URL(filePath: "\(#filePath)/../../../../../shared/data").standardized

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: path)))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }
}
