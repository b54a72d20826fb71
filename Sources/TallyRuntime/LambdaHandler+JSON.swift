import FoundationEssentials

extension LambdaHandler where Event: Decodable {
    /// Decodes the event from JSON.
    ///
    /// - Parameter bytes: The event as Lambda delivered it.
    /// - Returns: The event.
    /// - Throws: ``EventDecodingError``, which names the member and what was expected there.
    public static func decode(_ bytes: [UInt8]) throws -> Event {
        do {
            return try JSONDecoder().decode(Event.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw EventDecodingError(error, type: "\(Event.self)")
        }
    }
}

extension LambdaHandler where Output: Encodable {
    /// Encodes the output as JSON.
    ///
    /// - Parameter output: What the handler returned.
    /// - Returns: JSON.
    /// - Throws: `EncodingError` when the output cannot be JSON, for instance for a number that is not finite.
    public static func encode(_ output: Output) throws -> Payload {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return Payload([UInt8](try encoder.encode(output)))
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
        Payload(Array("null".utf8))
    }
}
