/// A complete HTTP response.
public struct Response: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields in the order received.
    public var headers: Headers
    /// The body, with any chunked framing removed.
    public var body: [UInt8]
    /// How the request travelled.
    public var trip: Trip

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - headers: The header fields.
    ///   - body: The body.
    ///   - trip: How the request travelled.
    public init(status: Int, headers: Headers = Headers(), body: [UInt8] = [], trip: Trip = Trip()) {
        self.status = status
        self.headers = headers
        self.body = body
        self.trip = trip
    }
}
