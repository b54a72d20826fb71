import TallyWire

extension LambdaHandler where Event: Decodable {
    /// Decodes the event from JSON, as a `JSONCoder` does that nothing was told.
    ///
    /// A function that wants another coder has a `decode` of its own:
    ///
    ///     static func decode(_ bytes: [UInt8]) throws -> Order {
    ///         try PropertyListDecoder().decode(Order.self, from: Data(bytes))
    ///     }
    ///
    /// - Parameter bytes: The event as Lambda delivered it.
    /// - Returns: The event.
    /// - Throws: ``EventDecodingError``, which names the member and what was expected there.
    public static func decode(_ bytes: [UInt8]) throws -> Event {
        try Payload(bytes).decoded()
    }
}

extension LambdaHandler where Output: Encodable {
    /// Encodes the output as JSON, times as ISO 8601.
    ///
    /// A function that wants another coder, or times in seconds, has an `encode` of its own:
    ///
    ///     static func encode(_ receipt: Receipt) throws -> Payload {
    ///         var coder = JSONCoder()
    ///         coder.times = .seconds
    ///         return Payload(try coder.encode(receipt))
    ///     }
    ///
    /// - Parameter output: What the handler returned.
    /// - Returns: JSON.
    /// - Throws: `EncodingError` when the output cannot be JSON, for instance for a number that is not finite.
    public static func encode(_ output: Output) throws -> Payload {
        try Payload(encoding: output)
    }
}

extension LambdaHandler where Event == Payload {
    /// Passes the event on as it came.
    ///
    /// - Parameter bytes: The event as Lambda delivered it.
    /// - Returns: The same bytes.
    public static func decode(_ bytes: [UInt8]) -> Payload {
        Payload(bytes)
    }
}

extension LambdaHandler where Output == Payload {
    /// Answers with the output as it is.
    ///
    /// - Parameter output: What the handler returned.
    /// - Returns: The same payload.
    public static func encode(_ output: Payload) -> Payload {
        output
    }
}

extension LambdaHandler where Output == Void {
    /// Answers with JSON's `null`.
    ///
    /// - Parameter output: Nothing.
    /// - Returns: `null`.
    public static func encode(_ output: Void) -> Payload {
        .null
    }
}

extension Payload {
    /// JSON's `null`.
    static let null = Payload(Array("null".utf8))

    /// JSON of an output.
    init(encoding output: some Encodable) throws {
        self.init(try JSONCoder().encode(output))
    }

    /// Decodes an event.
    func decoded<Event: Decodable>() throws -> Event {
        do {
            return try JSONCoder().decode(Event.self, from: bytes)
        } catch let error as JSONDecodingError {
            throw EventDecodingError(error)
        }
    }
}
