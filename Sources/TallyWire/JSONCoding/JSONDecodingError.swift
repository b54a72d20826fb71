/// A JSON text that is not what a type expects, or not JSON.
///
/// It prints as `records[0].body: expected String, found a number; {"body":number,"id":string}`. Neither it nor its
/// parts hold a value of the text; they have names of members, cut to 40 bytes.
public struct JSONDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The value concerned, from the text's root, such as `records[0].body`; empty for the root.
    public let path: String
    /// The type that was expected there.
    public let expected: String
    /// What was found in its place.
    public let found: String
    /// The object or array that is there, or around it: names of members and kinds of values, up to some 200 bytes;
    /// `nil` where the text is not JSON or a single value.
    public let snippet: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - path: The value concerned, from the text's root.
    ///   - expected: The type that was expected there.
    ///   - found: What was found in its place.
    ///   - snippet: What is there or around it, without values.
    public init(path: String, expected: String, found: String, snippet: String? = nil) {
        self.path = path
        self.expected = expected
        self.found = found
        self.snippet = snippet
    }

    init(_ error: JSONError) {
        self.init(path: "", expected: "JSON", found: "what is none at \(error)")
    }

    init(_ error: DecodingError, in document: JSONDocument, as type: Any.Type) {
        let (path, expected, remark): ([any CodingKey], String, String?)
        switch error {
        case .keyNotFound(let key, let context):
            (path, expected, remark) = (
                context.codingPath + [JSONCodingKey(key.stringValue)], "a value", "no such member"
            )
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            (path, expected, remark) = (context.codingPath, Self.name(of: type), context.remark)
        case .dataCorrupted(let context):
            // What a type says of a value that it refuses may quote the value, as an enumeration's does.
            (path, expected, remark) = (context.codingPath, "a value that its type takes", context.remark)
        @unknown default:
            (path, expected, remark) = ([], Self.name(of: type), nil)
        }
        let place = document.value(at: path)
        self.init(
            path: Self.text(of: path), expected: expected, found: remark ?? document.kind(place).article,
            snippet: document.outline(of: place))
    }

    /// Where it was, what was expected and what was found.
    public var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        return "\(place)expected \(expected), found \(found)\(snippet.map { "; \($0)" } ?? "")"
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is [String: Any].Type: "an object"
        case is [Any].Type: "an array"
        default: "\(type)"
        }
    }

    private static func text(of path: [any CodingKey]) -> String {
        let text = path.reduce(into: "") { text, key in
            if let number = key.intValue {
                text += "[\(number)]"
            } else {
                text += text.isEmpty ? key.stringValue.cut(to: 40) : ".\(key.stringValue.cut(to: 40))"
            }
        }
        return text.cut(to: 200)
    }
}

extension String {
    /// So many bytes of the text at most.
    fileprivate func cut(to limit: Int) -> String {
        utf8.count <= limit ? self : String(decoding: utf8.prefix(limit), as: UTF8.self) + "…"
    }
}

extension DecodingError.Context {
    fileprivate var remark: String? { (underlyingError as? JSONRemark)?.text }
}

extension JSONDocument {
    private static let outlineLimit = 200

    /// The names and kinds of the object or array that is at `index`, or around it; `nil` where there is neither.
    fileprivate func outline(of index: Int) -> String? {
        let isContainer = kind(index) == .object || kind(index) == .array
        guard isContainer || index > 0 else { return nil }
        var outline = ""
        append(isContainer ? index : parent(of: index), to: &outline, level: 0)
        return outline
    }

    private func append(_ index: Int, to outline: inout String, level: Int) {
        let kind = kind(index)
        guard kind == .object || kind == .array, level < 3 else {
            outline += kind.name
            return
        }
        outline += kind == .object ? "{" : "["
        var isFirst = true
        for child in children(of: index) {
            if !isFirst { outline += "," }
            isFirst = false
            guard outline.utf8.count < Self.outlineLimit else {
                outline += "…"
                break
            }
            if kind == .object { outline += "\"\(text(child - 1).cut(to: 40))\":" }
            append(child, to: &outline, level: level + 1)
        }
        outline += kind == .object ? "}" : "]"
    }
}

extension JSONReader.Kind {
    fileprivate var name: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .number: "number"
        case .bool: "bool"
        case .null: "null"
        }
    }
}
