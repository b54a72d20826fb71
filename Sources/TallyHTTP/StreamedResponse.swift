/// A response whose body is read as it arrives.
public struct StreamedResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields in the order received.
    public var headers: Headers
    /// The body in pieces; reading pauses on the network while no piece is asked for.
    public var body: ByteStream
    /// How the request travelled.
    public var trip: Trip

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - headers: The header fields.
    ///   - body: The body in pieces.
    ///   - trip: How the request travelled.
    public init(status: Int, headers: Headers, body: ByteStream, trip: Trip = Trip()) {
        self.status = status
        self.headers = headers
        self.body = body
        self.trip = trip
    }
}
