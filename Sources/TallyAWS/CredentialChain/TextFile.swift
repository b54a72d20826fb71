import Glibc

/// Reads small files of the user's.
enum TextFile {
    // 1 MiB: no configuration and no token is as large.
    private static let sizeLimit = 1 << 20

    /// The text of a file; `nil` when there is none.
    ///
    /// - Throws: ``ConfigurationError`` when it is there and cannot be read, or is no text.
    static func read(_ path: String) throws(ConfigurationError) -> String? {
        guard let file = fopen(path, "rbe") else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ConfigurationError(
                path, "\(String(cString: strerror(errno))). Make it readable, or name another file.")
        }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: sizeLimit + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, sizeLimit + 1, file)
        }
        guard ferror(file) == 0, bytes.count <= sizeLimit, let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(path, "not a text of at most 1 MiB. Name another file.")
        }
        return text
    }
}
