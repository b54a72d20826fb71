// Races, each beside a hand-over that annotations.c tells the thread sanitizer of: it has to report all the same.
//
// The state is laid out as the transport's: a class that says of itself that it may be shared, with a mutex in it.
import Glibc
import Synchronization

final class Delivery: @unchecked Sendable {
    let buffer = Mutex([UInt8]())
    let isHeld = Atomic(false)
    let isWritten = Atomic(false)
    var status = 0

    // Relaxed: it orders nothing.
    func waitUntilHeld() { while !isHeld.load(ordering: .relaxed) { sched_yield() } }
    func waitUntilWritten() { while !isWritten.load(ordering: .relaxed) { sched_yield() } }
}

/// The other thread writes after it has given back the mutex that this one waited for.
@inline(never)
func raceAfterUnlock() {
    let delivery = Delivery()
    onAnotherThread {
        delivery.buffer.withLock { buffer in
            buffer.append(1)
            delivery.isHeld.store(true, ordering: .relaxed)
            usleep(2_000)
        }
        delivery.status = 200
        delivery.isWritten.store(true, ordering: .relaxed)
    }
    delivery.waitUntilHeld()
    delivery.buffer.withLock { buffer in buffer.append(2) }
    delivery.waitUntilWritten()
    delivery.status += 1
}

/// The other thread guards what it writes with a mutex, and this one with none.
@inline(never)
func raceWithoutLock() {
    let delivery = Delivery()
    onAnotherThread {
        for _ in 0..<100 { delivery.buffer.withLock { _ in delivery.status += 1 } }
        delivery.isWritten.store(true, ordering: .relaxed)
    }
    delivery.waitUntilWritten()
    delivery.status += 1
}

/// The other thread writes after it has resumed this task, which had not come to wait.
@inline(never)
func raceAfterResume() async {
    let delivery = await withUnsafeContinuation { (continuation: UnsafeContinuation<Delivery, Never>) in
        let delivery = Delivery()
        onAnotherThread {
            continuation.resume(returning: delivery)
            delivery.status = 200
            delivery.isWritten.store(true, ordering: .relaxed)
        }
        delivery.waitUntilWritten()
    }
    delivery.status += 1
}

@main
struct Races {
    static func main() async {
        for _ in 0..<20 {
            raceAfterUnlock()
            raceWithoutLock()
            await raceAfterResume()
        }
    }
}
