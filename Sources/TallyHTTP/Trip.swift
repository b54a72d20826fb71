/// How a request travelled, for the accounts.
public struct Trip: Sendable, Hashable {
    /// HTTP requests put on a wire, the transport's own replay on a dead connection included.
    ///
    /// One counts from its first byte, whether or not it arrives whole or is answered: what is cancelled, cut or reset
    /// after that still counts, and what could not be sent does not.
    public var attempts: Int
    /// Whether the last of them used a connection that was already open.
    public var reusedConnection: Bool
    /// How long the connection of the last had been open when the response ended; `nil` when it is closed by then.
    public var connectionAge: Duration?

    /// Creates the account of a trip.
    ///
    /// - Parameters:
    ///   - attempts: HTTP requests put on a wire.
    ///   - reusedConnection: Whether the last used a connection that was already open.
    ///   - connectionAge: How long the connection of the last had been open when the response ended.
    public init(attempts: Int = 1, reusedConnection: Bool = false, connectionAge: Duration? = nil) {
        self.attempts = attempts
        self.reusedConnection = reusedConnection
        self.connectionAge = connectionAge
    }
}
