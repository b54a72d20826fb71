public import TallyHTTP

/// Stands before and after each attempt of each call.
///
///     struct RequesterPays: CallMiddleware {
///         func willSend(_ request: inout Request, for attempt: CallAttempt) {
///             if attempt.service == .s3 { request.headers["x-amz-request-payer"] = "requester" }
///         }
///     }
///
/// What it changes is signed. A client asks its middleware in order before an attempt, and in reverse order after it.
public protocol CallMiddleware: Sendable {
    /// Called before an attempt is signed and sent.
    ///
    /// - Parameters:
    ///   - request: What is about to be signed; changes last for this attempt.
    ///   - attempt: Which attempt of which call.
    /// - Throws: An error that ends the call; it is the ``ServiceError/underlying`` one of what the caller sees.
    func willSend(_ request: inout Request, for attempt: CallAttempt) async throws

    /// Called when an attempt has ended, and only for one that was sent.
    ///
    /// - Parameters:
    ///   - attempt: Which attempt of which call.
    ///   - outcome: How it ended.
    func didEnd(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) async
}

extension CallMiddleware {
    /// Leaves the request as it is.
    ///
    /// - Parameters:
    ///   - request: What is about to be signed.
    ///   - attempt: Which attempt of which call.
    /// - Throws: Nothing.
    public func willSend(_ request: inout Request, for attempt: CallAttempt) async throws {}

    /// Does nothing.
    ///
    /// - Parameters:
    ///   - attempt: Which attempt of which call.
    ///   - outcome: How it ended.
    public func didEnd(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) async {}
}
