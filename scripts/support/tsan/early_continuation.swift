// No race: a task gets its answer through a continuation that is resumed before the task has come to wait.
//
// Without annotations.c the thread sanitizer reports one.
import Glibc
import Synchronization

final class Answer: Sendable {
    let number: Int

    init(_ number: Int) {
        self.number = number
    }
}

final class Flag: Sendable {
    private let value = Atomic(false)

    // Relaxed: it orders nothing.
    func raise() { value.store(true, ordering: .relaxed) }
    func wait() { while !value.load(ordering: .relaxed) { sched_yield() } }
}

@main
struct EarlyContinuation {
    static func main() async {
        for _ in 0..<50 { _ = await number() }
    }

    // Looked at where the wait ends: a change of executor tells the sanitizer enough.
    nonisolated static func number() async -> Int {
        let answer = await withUnsafeContinuation { (continuation: UnsafeContinuation<Answer, Never>) in
            let isResumed = Flag()
            onAnotherThread {
                continuation.resume(returning: Answer(7))
                isResumed.raise()
            }
            isResumed.wait()
        }
        return answer.number
    }
}
