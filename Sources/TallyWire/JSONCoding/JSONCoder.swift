/// Turns `Codable` values into JSON and back, several times faster than Foundation's coders and without Foundation.
///
///     let coder = JSONCoder()
///     let order = try coder.decode(Order.self, from: event.bytes)
///     let answer = try coder.encode(order)
///
/// What it reads is valid throughout (RFC 8259 and UTF-8), what nobody asks for included. Of members that occur twice
/// the last counts, as in JavaScript and Python, and of members that are encoded twice only the last is written, as
/// with Foundation's coders. `Date`, `Data`, `URL` and `Decimal` of Foundation are a time, base64, the URL's text and a
/// number. There is no `userInfo`.
public struct JSONCoder: Sendable {
    /// How times are written.
    public struct TimeFormat: RawRepresentable, Sendable, Hashable {
        /// The format's name.
        public let rawValue: String

        /// Creates a format from its name.
        ///
        /// - Parameter rawValue: `iso8601`, `seconds` or `milliseconds`; `nil` for any other.
        public init?(rawValue: String) {
            let all: [TimeFormat] = [.iso8601, .seconds, .milliseconds]
            guard let format = all.first(where: { $0.rawValue == rawValue }) else { return nil }
            self = format
        }

        private init(_ name: String) {
            rawValue = name
        }

        /// As text of ISO 8601 with milliseconds, in UTC.
        public static let iso8601 = TimeFormat("iso8601")
        /// As number of seconds since 1970, with milliseconds as decimals.
        public static let seconds = TimeFormat("seconds")
        /// As whole number of milliseconds since 1970.
        public static let milliseconds = TimeFormat("milliseconds")
    }

    /// How times are written, that is ``Timestamp`` and Foundation's `Date`.
    ///
    /// All formats are read: a number below 10¹⁰ as seconds, from there on as milliseconds.
    public var times = TimeFormat.iso8601
    /// How deeply objects and arrays may nest in what is read; ``JSONReader/depthLimit`` at most.
    public var maximumDepth = JSONReader.depthLimit
    /// How many bytes are read at most; an event of Lambda has 6 MiB.
    public var maximumByteCount = 64 << 20

    /// Creates a coder that writes times as ISO 8601.
    public init() {}

    /// Decodes a value.
    ///
    /// - Parameters:
    ///   - type: The value's type.
    ///   - bytes: JSON.
    /// - Returns: The value.
    /// - Throws: ``JSONDecodingError`` when the bytes are not JSON or not what the type expects; what the type's own
    ///   initializer throws.
    /// - Complexity: O(bytes); below a nanosecond for each of a long string.
    public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let document = try document(bytes)
        do {
            return try JSONValueDecoder(document: document, index: 0).value(type)
        } catch let error as DecodingError {
            throw JSONDecodingError(error, in: document, as: type)
        }
    }

    /// Encodes a value.
    ///
    /// - Parameter value: The value.
    /// - Returns: JSON without white space, members in the order in which the value encodes them; of those that it
    ///   encodes twice the last.
    /// - Throws: `EncodingError` for a number that is not finite and for a value that encodes nothing; what the value's
    ///   own encoding throws.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
        let sink = JSONSink(times: times)
        try sink.write(value, path: nil)
        return sink.bytes
    }

    /// Reads a text within the coder's limits.
    func document(_ bytes: [UInt8]) throws(JSONDecodingError) -> JSONDocument {
        guard bytes.count <= maximumByteCount else {
            throw JSONDecodingError(
                path: "", expected: "at most \(maximumByteCount) bytes", found: "\(bytes.count) bytes")
        }
        do throws(JSONError) {
            return try JSONDocument(bytes, maximumDepth: maximumDepth)
        } catch {
            throw JSONDecodingError(error)
        }
    }
}
