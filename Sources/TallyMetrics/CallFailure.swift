public import TallyWire

/// A call that failed: what is needed to look it up, and nothing of what it held.
public struct CallFailure: Sendable, Hashable {
    /// The service's or the transport's error code, `nil` when there was none.
    public let code: String?
    /// The service's id of the last attempt, `nil` when it gave none.
    public let requestID: String?
    /// When the call ended, to the millisecond.
    public let time: Timestamp

    /// Describes a failed call.
    ///
    /// - Parameters:
    ///   - code: The service's or the transport's error code.
    ///   - requestID: The service's id of the last attempt.
    ///   - time: When the call ended.
    public init(code: String?, requestID: String?, time: Timestamp) {
        self.code = code
        self.requestID = requestID
        self.time = time.wholeMilliseconds
    }

    /// How many are kept of each row of a breakdown.
    static let kept = 5

    /// By time; what failed together in an order that does not depend on who came first.
    static func precedes(_ left: CallFailure, _ right: CallFailure) -> Bool {
        (left.time, left.code ?? "", left.requestID ?? "") < (right.time, right.code ?? "", right.requestID ?? "")
    }
}
