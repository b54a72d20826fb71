// No race: what a mutex guards is handed from a thread that holds it to one that waits for it.
//
// Without annotations.c the thread sanitizer reports one.
import Glibc
import Synchronization

final class Baton: Sendable {
    let value = Mutex([Int]())
    let isHeld = Atomic(false)
    let isTaken = Atomic(false)

    func hold() {
        value.withLock { value in
            value.append(value.count)
            // Relaxed here and below: it orders nothing.
            isHeld.store(true, ordering: .relaxed)
            // Long enough for the other thread to come and wait; of many rounds one has to do.
            usleep(2_000)
            value.append(value.count)
        }
    }

    func take() {
        while !isHeld.load(ordering: .relaxed) { sched_yield() }
        value.withLock { value in value.append(value.count) }
        isTaken.store(true, ordering: .relaxed)
    }
}

@main
struct ContendedMutex {
    static func main() {
        for _ in 0..<50 {
            let baton = Baton()
            onAnotherThread { baton.take() }
            baton.hold()
            while !baton.isTaken.load(ordering: .relaxed) { sched_yield() }
        }
    }
}
