/// The bounds on a request's time; each is off when `nil`.
public struct Timeouts: Sendable, Hashable {
    /// The longest time to look up, connect and finish the TLS handshake.
    public var connect: Duration?
    /// The longest time without a byte in either direction.
    public var idle: Duration?
    /// The longest time from start to the last byte of the response.
    public var total: Duration?

    /// Creates bounds.
    ///
    /// - Parameters:
    ///   - connect: The longest time to look up, connect and finish the TLS handshake.
    ///   - idle: The longest time without a byte in either direction.
    ///   - total: The longest time from start to the last byte of the response.
    public init(connect: Duration?, idle: Duration?, total: Duration?) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }

    /// For calls to AWS: 3 s to connect, 10 s of silence, no bound on the whole.
    public static let standard = Timeouts(connect: .seconds(3), idle: .seconds(10), total: nil)
    /// For the Runtime API's `next`, which waits as long as there is no event.
    public static let none = Timeouts(connect: .seconds(1), idle: nil, total: nil)
}
