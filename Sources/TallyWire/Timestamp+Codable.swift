extension Timestamp: Codable {
    /// Decodes a text of ISO 8601, or a number: of seconds since 1970, of milliseconds from 10¹⁰ on.
    ///
    /// 10¹⁰ milliseconds are in April 1970, as many seconds in the year 2286.
    ///
    /// - Parameter decoder: Has the text or number.
    /// - Throws: `DecodingError` when it is neither.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        func corrupted(_ remark: String) -> DecodingError {
            .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, remark: remark))
        }
        if let text = try? container.decode(String.self) {
            guard let time = Timestamp(iso8601: text) else { throw corrupted("a string that is no time of ISO 8601") }
            self = time
            return
        }
        // First as whole number: a `Double` has 53 bits.
        let time: Timestamp?
        if let number = try? container.decode(Int64.self) {
            let isSeconds = number.magnitude < Self.leastMilliseconds
            time = Timestamp(exactMilliseconds: isSeconds ? number * 1000 : number)
        } else {
            let number = try container.decode(Double.self)
            time = Timestamp(seconds: number.magnitude < Double(Self.leastMilliseconds) ? number : number / 1000)
        }
        guard let time else { throw corrupted("a number that is no time from 1677 to 2262") }
        self = time
    }

    /// A time from seconds since 1970 with decimals, to the microsecond, which is what a `Double` has of today; `nil`
    /// before 1677 and after 2262.
    package init?(seconds: Double) {
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return nil }
        let (nanoseconds, isBeyond) = microseconds.multipliedReportingOverflow(by: 1000)
        if isBeyond { return nil }
        self.init(nanosecondsSinceEpoch: nanoseconds)
    }

    /// A time from milliseconds since 1970; `nil` before 1677 and after 2262.
    package init?(exactMilliseconds milliseconds: Int64) {
        let (nanoseconds, isBeyond) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        if isBeyond { return nil }
        self.init(nanosecondsSinceEpoch: nanoseconds)
    }

    private static let leastMilliseconds: UInt64 = 10_000_000_000

    /// Encodes the time as text of ISO 8601; a ``JSONCoder`` can be told otherwise.
    ///
    /// - Parameter encoder: Takes the text.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }
}
