/// The tokens that retries to one service share, so that an outage is not met with a storm.
struct RetryQuota: Sendable, Hashable {
    private(set) var tokens: Int

    static let capacity = 500

    init(tokens: Int = capacity) {
        self.tokens = tokens
    }

    /// Takes the tokens of one retry, or says that there are too few.
    mutating func take(_ cost: Int) -> Bool {
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// A success gives back what its last retry took, or one token when it took none.
    mutating func succeed(lastTaken: Int?) {
        giveBack(lastTaken ?? 1)
    }

    mutating func giveBack(_ count: Int) {
        tokens = min(Self.capacity, tokens + count)
    }
}
