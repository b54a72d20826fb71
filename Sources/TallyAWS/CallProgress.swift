/// How far a call has come with its attempts.
struct CallProgress {
    /// The same on every attempt, so that the service can tell retries from calls.
    let id = UserAgent.callID()
    /// Attempts allowed.
    let limit: Int
    /// Attempts made.
    var attempt = 0
    /// What the last retry took from the quota.
    var lastTaken: Int?
    /// What the last attempt was signed with.
    var credentials: Credentials?
    var hasCorrectedClock = false
    var hasRenewedCredentials = false

    init(limit: Int) {
        self.limit = limit
    }
}
