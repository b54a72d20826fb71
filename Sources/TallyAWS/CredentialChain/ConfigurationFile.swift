/// One of AWS's shared files: sections of named values.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
struct ConfigurationFile: Sendable, Equatable {
    /// A value, or the values that are nested under a name without one.
    struct Property: Sendable, Equatable {
        var value = ""
        var nested: [String: String] = [:]
    }

    /// The sections as they are named, such as `profile documents`, without repeated spaces.
    private(set) var sections: [String: [String: Property]] = [:]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: The file's text.
    ///   - path: The file's path, for errors.
    /// - Throws: ``ConfigurationError`` naming the line that is neither a section nor a value.
    init(_ text: String, path: String) throws(ConfigurationError) {
        var section: String?
        var property: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            func malformed(_ what: String) -> ConfigurationError {
                ConfigurationError("\(path), line \(index + 1)", "\(what). Write [SECTION] or NAME = VALUE.")
            }
            let content = Self.withoutComment(line)
            let trimmed = Self.trimmed(content)
            if trimmed.isEmpty { continue }
            if trimmed.first == "[", !Self.isIndented(line) {
                guard let end = trimmed.lastIndex(of: "]") else { throw malformed("a section's name does not end") }
                let name = Self.sectionName(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
                guard !name.isEmpty else { throw malformed("a section has no name") }
                sections[name] = sections[name] ?? [:]
                section = name
                property = nil
                continue
            }
            guard let current = section else { throw malformed("a value stands before the first section") }
            let equals = trimmed.firstIndex(of: "=")
            if Self.isIndented(line), let outer = property {
                guard let equals else { continue }
                sections[current]?[outer]?.nested[Self.key(trimmed[..<equals])] = Self.value(trimmed[equals...])
                continue
            }
            guard let equals else { throw malformed("a line has no equals sign") }
            let name = Self.key(trimmed[..<equals])
            guard !name.isEmpty else { throw malformed("a value has no name") }
            sections[current]?[name] = Property(value: Self.value(trimmed[equals...]))
            property = name
        }
    }

    // MARK: - Lines

    private static func isIndented(_ line: Substring) -> Bool { line.first == " " || line.first == "\t" }

    /// The line before a comment: a `#` or `;` at its beginning, or after white space.
    private static func withoutComment(_ line: Substring) -> Substring {
        var previousIsSpace = true
        for index in line.indices {
            if previousIsSpace, line[index] == "#" || line[index] == ";" { return line[..<index] }
            previousIsSpace = line[index].isWhitespace
        }
        return line
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...last]
    }

    private static func sectionName(_ text: Substring) -> String {
        text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ").filter { $0 != "\"" && $0 != "'" }
    }

    private static func key(_ text: Substring) -> String { trimmed(text).lowercased() }

    private static func value(_ text: Substring) -> String { String(trimmed(text.dropFirst())) }
}
