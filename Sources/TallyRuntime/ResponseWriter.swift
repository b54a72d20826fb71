/// Writes the bytes of a ``StreamingResponse``.
///
/// It may be used from any task of the invocation; what one task writes stays in order.
public struct ResponseWriter: Sendable {
    let answer: StreamedAnswer

    /// Adds bytes to the answer.
    ///
    /// They go out when the handler waits next, for this or for anything else, together with what was written since;
    /// with 64 KiB not yet sent it waits until they are.
    ///
    /// - Parameter bytes: What comes next; none begins the answer all the same.
    /// - Throws: ``RuntimeError`` with ``RuntimeError/Code/responseClosed`` when nobody takes it any more, as when the
    ///   caller has gone; `CancellationError` at the deadline.
    public func write(_ bytes: some Collection<UInt8>) async throws {
        try await answer.write(bytes)
    }

    /// Adds text in UTF-8 to the answer.
    ///
    /// - Parameter text: What comes next.
    /// - Throws: As ``write(_:)``.
    public func write(_ text: String) async throws {
        try await answer.write(text.utf8)
    }

    /// Waits until all that was written is on its way.
    ///
    /// - Throws: As ``write(_:)``.
    public func flush() async throws {
        try await answer.flush()
    }

    /// Ends the answer, for a body that goes on working when the caller has what it asked for.
    ///
    /// It returns when Lambda has taken the answer. What the body throws from here on is in the log and the metrics,
    /// and changes nothing for the caller.
    ///
    /// - Throws: As ``write(_:)``.
    public func finish() async throws {
        try await answer.finish()
    }
}
