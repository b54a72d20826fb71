import Synchronization
import TallyHTTP

/// A ``StreamingResponse`` on its way to the Runtime API.
///
/// The post begins with the first byte: what the body throws before that can still be reported as the invocation's
/// error.
final class StreamedAnswer: Sendable {
    private let pipe: BodyPipe
    private let post: @Sendable (BodyPipe) async throws -> Int
    private let executor: (any TaskExecutor)?
    private let posting = Mutex<Task<Int, any Error>?>(nil)

    /// Creates an answer of which nothing is sent yet.
    ///
    /// - Parameters:
    ///   - prelude: What stands before the first byte.
    ///   - executor: Runs the post.
    ///   - post: Posts what is written into the pipe, and returns the API's status.
    init(
        prelude: [UInt8], executor: (any TaskExecutor)?, post: @escaping @Sendable (BodyPipe) async throws -> Int
    ) {
        pipe = BodyPipe(prelude)
        self.executor = executor
        self.post = post
    }

    /// Whether the post has begun.
    var hasBegun: Bool { posting.withLock { $0 != nil } }

    /// The API's status; 202 when it took the answer.
    var status: Int {
        get async throws { try await begin().value }
    }

    func write(_ bytes: some Collection<UInt8>) async throws {
        _ = begin()
        try await refusing { () async throws(BodyPipe.Closure) in try await pipe.write(bytes) }
    }

    func flush() async throws {
        _ = begin()
        try await refusing { () async throws(BodyPipe.Closure) in try await pipe.drain() }
    }

    /// Ends the answer for the function, and waits until Lambda has it.
    func finish() async throws {
        end()
        guard (try? await status) == 202 else { throw RuntimeError.responseRefused }
    }

    /// Ends the answer, unless it has ended.
    ///
    /// - Parameter failure: What the caller is told of why it breaks off.
    func end(_ failure: Diagnostic? = nil) {
        _ = begin()
        pipe.finish(trailers: failure?.trailers ?? Headers())
    }

    private func begin() -> Task<Int, any Error> {
        posting.withLock { posting in
            if let posting { return posting }
            // A task of its own: the answer goes on when the handler is cancelled.
            let begun = Task(executorPreference: executor) { [pipe, post] in try await post(pipe) }
            posting = begun
            return begun
        }
    }

    private func refusing(_ body: () async throws(BodyPipe.Closure) -> Void) async throws {
        do {
            try await body()
        } catch .cancelled {
            throw CancellationError()
        } catch .finished {
            throw RuntimeError(
                .responseClosed,
                "response: written to after its end. Write before finish(), and before the body returns")
        } catch .requestEnded {
            throw RuntimeError.responseRefused
        }
    }
}

extension RuntimeError {
    /// Nobody takes the answer any more.
    fileprivate static var responseRefused: RuntimeError {
        RuntimeError(
            .responseClosed,
            "response: Lambda took no more of it, as when the caller has gone. Stop writing; there is nobody to tell")
    }
}
