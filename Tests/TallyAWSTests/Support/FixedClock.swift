import Synchronization
import TallyWire

@testable import TallyAWS

/// Time that passes only while somebody sleeps, and chance that is not.
final class FixedClock: Sendable {
    private let state: Mutex<(now: ContinuousClock.Instant, sleeps: [Duration])>
    private let reads = Mutex(0)
    private let random: Double

    /// The number of the sleep, from 1, in which the task is cancelled.
    private let cancelledSleep: Int?

    init(random: Double = 1, cancelsSleep cancelledSleep: Int? = nil) {
        self.random = random
        self.cancelledSleep = cancelledSleep
        state = Mutex((.now, []))
    }

    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// How often calls have looked at it.
    var readCount: Int { reads.withLock { $0 } }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    var effects: CallEffects {
        CallEffects(
            now: {
                self.reads.withLock { $0 += 1 }
                return Moment(self.now)
            },
            wallTime: { Timestamp(milliseconds: 1_440_938_160_000) },  // 2015-08-30T12:36:00Z
            random: { self.random },
            sleep: { duration in
                try Task.checkCancellation()
                let count = self.state.withLock { state in
                    state.now += duration
                    state.sleeps.append(duration)
                    return state.sleeps.count
                }
                if count == self.cancelledSleep { throw CancellationError() }
            }
        )
    }
}
