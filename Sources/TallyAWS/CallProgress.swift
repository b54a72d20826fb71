/// How far a call has come with its attempts.
struct CallProgress {
    /// The same on every attempt, so that the service can tell retries from calls.
    let id = UserAgent.callID()
    /// Attempts allowed.
    let limit: Int
    /// What tells the service which trace the call is part of.
    let traceHeader: String?
    /// Whether anybody asks how long attempts take; otherwise no clock is read for it.
    let isTimed: Bool
    /// Attempts made.
    var attempt = 0
    /// What the last retry took from the quota.
    var lastTaken: Int?
    /// What the last attempt was signed with.
    var credentials: Credentials?
    var hasCorrectedClock = false
    var hasRenewedCredentials = false

    init(limit: Int, _ account: borrowing CallAccount, isTimed: Bool) {
        self.limit = limit
        traceHeader = account.traceHeader
        self.isTimed = isTimed || account.isMeasured
    }
}
