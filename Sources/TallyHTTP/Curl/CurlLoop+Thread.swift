import Glibc

extension CurlLoop {
    /// Runs the loop on a thread of its own, which holds the loop until ``stop()``.
    package func startThread() {
        let result = DetachedThread.start { self.run() }
        guard result == 0 else {
            fatalError("CurlTransport: no thread could be started (\(String(cString: strerror(result))))")
        }
    }
}
