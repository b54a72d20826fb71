package import Foundation

/// A folder that is gone with its last reference.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let url: URL

    /// Makes the folder.
    ///
    /// - Throws: When it cannot be made.
    package init() throws {
        url = URL.temporaryDirectory.appending(path: "tally-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in it.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: Its path.
    package func path(_ name: String) -> String {
        url.appending(path: name).path
    }
}
