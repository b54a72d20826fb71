import TallyWire

/// The transfers whose silence is bounded, and when the loop looks at them next.
///
/// Not libcurl's own bound (`CURLOPT_LOW_SPEED_TIME`): that one counts whole bytes a second, so that an answer which
/// drips more slowly is cut off as silent, as S3's is while it puts the parts of an upload together.
struct SilenceWatch {
    private var transfers: [Transfer] = []
    private(set) var nextLook: Moment?

    mutating func add(_ transfer: Transfer) {
        guard let idle = transfer.request.timeouts.idle else { return }
        transfers.append(transfer)
        let look = Moment.now + Self.interval(idle)
        nextLook = min(nextLook ?? look, look)
    }

    mutating func remove(_ transfer: Transfer) {
        guard let index = transfers.firstIndex(where: { $0 === transfer }) else { return }
        transfers.swapAt(index, transfers.endIndex - 1)
        transfers.removeLast()
        if transfers.isEmpty { nextLook = nil }
    }

    /// Returns the transfers that have been silent for too long.
    mutating func look() -> [Transfer] {
        guard let due = nextLook else { return [] }
        let now = Moment.now
        guard due <= now else { return [] }
        let shortest = transfers.compactMap(\.request.timeouts.idle).min() ?? .zero
        nextLook = now + Self.interval(shortest)
        return transfers.filter { $0.isSilent(at: now) }
    }

    // Silence is told at most half its bound late; looking more often would wake the process for nothing.
    private static func interval(_ idle: Duration) -> Duration {
        max(idle / 4, .milliseconds(1))
    }
}
