extension LambdaHandler where Output == StreamingResponse {
    /// Answers with what the output writes.
    ///
    /// - Parameter output: What the handler returned.
    /// - Returns: A payload that is streamed.
    /// - Throws: ``RuntimeError`` when its status or its headers cannot be sent.
    public static func encode(_ output: StreamingResponse) throws -> Payload {
        try Payload(streaming: output)
    }
}
