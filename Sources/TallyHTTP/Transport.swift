/// Moves one HTTP request to a server and its response back.
///
/// A conforming type must: keep the order and bytes of headers; return every HTTP status as a response, never as an
/// error; throw ``TransportError`` for anything that is not a complete response; return promptly when the calling
/// task is cancelled; and be usable from any thread.
public protocol Transport: Sendable {
    /// Sends `request` and returns the response with its whole body in memory.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The complete response, whatever its status.
    /// - Throws: ``TransportError`` when no complete response arrived.
    func send(_ request: Request) async throws(TransportError) -> Response

    /// Sends `request` and returns as soon as the response's headers have arrived.
    ///
    /// - Parameter request: What to send.
    /// - Returns: Status and headers, with the body as a stream that is read from the network as it is consumed.
    /// - Throws: ``TransportError`` when no response headers arrived.
    func stream(_ request: Request) async throws(TransportError) -> StreamedResponse
}
