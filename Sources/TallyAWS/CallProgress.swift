/// How far a call has come with its attempts.
struct CallProgress {
    /// The same on every attempt, so that the service can tell retries from calls.
    let id = UserAgent.callID()
    /// Attempts allowed.
    let limit: Int
    /// What tells the service which trace the call is part of.
    let traceHeader: String?
    /// Attempts made.
    var attempt = 0
    /// What the last retry took from the quota.
    var lastTaken: Int?
    /// What the last attempt was signed with.
    var credentials: Credentials?
    var hasCorrectedClock = false
    var hasRenewedCredentials = false

    init(limit: Int, traceHeader: String?) {
        self.limit = limit
        self.traceHeader = traceHeader
    }
}
