import Glibc

extension CurlLoop {
    /// Runs the loop on a thread of its own, which holds the loop until ``stop()``.
    package func startThread() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard result == 0 else {
            fatalError("CurlTransport: no thread could be started (\(String(cString: strerror(result))))")
        }
        pthread_detach(thread)
    }
}
