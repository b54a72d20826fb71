import Foundation

/// A shared object with a function of the C library's own, for the preloading into a process; `cc` compiles it.
final class PreloadedObject: Sendable {
    private let folder: TemporaryFolder

    init(_ source: String) throws {
        folder = try TemporaryFolder()
        try source.write(toFile: folder.path("object.c"), atomically: true, encoding: .utf8)
        try Tool.compiler.run(["-shared", "-fPIC", "-o", "object.so", "object.c"], in: folder.url)
    }

    /// What a process needs in its environment to use it.
    var environment: [String: String] { ["LD_PRELOAD": path("object.so")] }

    /// The path of a file beside it.
    func path(_ name: String) -> String { folder.path(name) }
}
