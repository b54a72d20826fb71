/// An event that is not what the function's `Event` type expects.
///
/// It prints as `event.requestContext.http.method: expected String, found nothing. …`
public struct EventDecodingError: Error, Sendable, CustomStringConvertible {
    /// The member concerned, from the event's root, such as `event.records[0].body`.
    public let path: String
    /// The type that the function expects there.
    public let expected: String
    /// What was found, never with the value itself.
    public let found: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - path: The member concerned, from the event's root.
    ///   - expected: The type that the function expects there.
    ///   - found: What was found, without the value itself.
    public init(path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }

    init(_ error: DecodingError, type: String) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(
                path: Self.path(context.codingPath + [key]), expected: "a value for \(type)", found: "no such member")
        case .typeMismatch(let expected, let context):
            self.init(path: Self.path(context.codingPath), expected: "\(expected)", found: "another type")
        case .valueNotFound(let expected, let context):
            self.init(path: Self.path(context.codingPath), expected: "\(expected)", found: "null")
        case .dataCorrupted(let context):
            let found = context.codingPath.isEmpty ? "bytes that are not JSON" : context.debugDescription
            self.init(path: Self.path(context.codingPath), expected: type, found: found)
        @unknown default:
            self.init(path: "event", expected: type, found: "something that does not decode")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("event") { path, key in
            key.intValue.map { "\(path)[\($0)]" } ?? "\(path).\(key.stringValue)"
        }
    }

    /// Where it was, what was expected, what was seen and what to do.
    public var description: String {
        "\(path): expected \(expected), found \(found). Check that the trigger sends what the function's Event type declares."
    }
}
