import Glibc

/// Threads beside the one that runs the loop.
package enum DetachedThread {
    /// Runs a closure on a thread of its own, which ends with it.
    ///
    /// - Parameters:
    ///   - stackBytes: The size of its stack; `nil` takes the system's, which is 8 MiB and committed as it is used.
    ///   - body: What it runs.
    /// - Returns: 0, or the error number with which the system refused; `body` is not run then.
    package static func start(stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
        let work = Unmanaged.passRetained(Work(body: body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        if result != 0 { work.release() }
        return result
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
