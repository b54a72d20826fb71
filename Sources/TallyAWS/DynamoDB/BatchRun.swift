import TallyMetrics

/// Sends requests of a batch until everything is done, nothing gets on any more, or a request fails.
///
/// What a service leaves unprocessed it has throttled: the waits are those of throttling, and progress begins them
/// anew.
struct BatchRun {
    private let client: ServiceClient
    private let limit: Int
    private var fruitless = 0

    init(_ client: ServiceClient) {
        self.client = client
        limit = client.retryPolicy.attempts(for: .dynamoDB)
    }

    /// Waits before what was left is sent again, `hasProgressed` or not; `false` when it should not be.
    mutating func wait(afterProgress hasProgressed: Bool) async -> Bool {
        fruitless = hasProgressed ? 1 : fruitless + 1
        guard fruitless < limit else { return false }
        let wait = client.retryPolicy.delay(
            after: fruitless, .throttling, service: .dynamoDB, random: client.effects.random())
        guard client.hasTime(for: wait) else { return false }
        return (try? await client.effects.sleep(wait)) != nil
    }
}
