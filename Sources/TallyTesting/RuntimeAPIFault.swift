/// What a Runtime API does with an answer in place of taking it.
public struct RuntimeAPIFault: Sendable, Hashable {
    enum Kind: Hashable {
        case status(Int)
        case connectionLost
    }

    let kind: Kind

    /// It refuses the answer, with 413 for instance where it is too large.
    ///
    /// - Parameter status: The HTTP status.
    /// - Returns: The fault.
    public static func refused(status: Int) -> RuntimeAPIFault {
        RuntimeAPIFault(kind: .status(status))
    }

    /// The connection ends before the answer is taken, which ends the function's process; with a streamed answer the
    /// process goes on, since nobody is left to hear more of it.
    public static let connectionLost = RuntimeAPIFault(kind: .connectionLost)
}
