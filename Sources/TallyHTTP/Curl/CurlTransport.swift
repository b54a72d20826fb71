/// The transport over libcurl: HTTP/1.1, kept-alive connections, verified TLS 1.2 or newer.
///
/// Under the runtime it shares the loop of the main thread. Elsewhere it runs one thread of its own, which ends with
/// the last reference to the transport:
///
///     let transport = CurlTransport()
///     let response = try await transport.send(Request(.get, "https://example.com/"))
public final class CurlTransport: Transport {
    let loop: CurlLoop
    private let ownsThread: Bool

    /// Creates a transport with a thread of its own.
    ///
    /// - Parameter certificates: Where trusted certificates lie; by default where the environment and the
    ///   distribution keep them.
    public convenience init(certificates: CertificateLocations? = nil) {
        let found = certificates ?? .ofProcess()
        self.init(loop: CurlLoop(certificates: found, servesMainQueue: false), ownsThread: true)
    }

    /// Creates a transport on a loop that somebody else runs.
    ///
    /// - Parameter loop: The loop.
    package convenience init(on loop: CurlLoop) {
        self.init(loop: loop, ownsThread: false)
    }

    private init(loop: CurlLoop, ownsThread: Bool) {
        self.loop = loop
        self.ownsThread = ownsThread
        if ownsThread { loop.startThread() }
    }

    deinit {
        if ownsThread { loop.stop() }
    }

    /// Sends `request` and returns the response with its whole body in memory.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The complete response, whatever its status.
    /// - Throws: ``TransportError`` when no complete response arrived.
    public func send(_ request: Request) async throws(TransportError) -> Response {
        try await perform(BufferedDelivery(limit: request.responseLimit), request)
    }

    /// Sends `request` and returns as soon as the response's headers have arrived.
    ///
    /// - Parameter request: What to send.
    /// - Returns: Status and headers, with the body as a stream.
    /// - Throws: ``TransportError`` when no response headers arrived.
    public func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
        try await perform(StreamedDelivery(), request)
    }

    /// Waits without a thread.
    ///
    /// - Parameter duration: How long to wait; nothing when not positive.
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await loop.sleep(for: duration)
    }

    private func perform<Delivery: TransferDelivery>(
        _ delivery: Delivery, _ request: Request
    ) async throws(TransportError) -> Delivery.Value {
        if Task.isCancelled { throw .cancelled(request) }
        let transfer = Transfer(request, delivery: delivery, transport: self)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                delivery.arm(continuation)
                loop.submit(.start(transfer))
            }
        } onCancel: {
            loop.submit(.cancel(transfer))
        }
        return try result.get()
    }
}
