import Dispatch
import Glibc
package import TallyHTTP

/// A Lambda of one function on 127.0.0.1: takes events from callers, and speaks the Lambda Runtime API to the function.
///
///     let server = try LocalServer(LocalServer.Settings())
///     // A function with AWS_LAMBDA_RUNTIME_API=\(server.address) handles what comes to
///     // http://\(server.address)/invoke, and what is sent from this process:
///     let outcome = await server.invoke(Array("{}".utf8))
///
/// Callers post an event's bytes to `/invoke` or to `/2015-03-31/functions/{name}/invocations`, as Lambda's Invoke API
/// has it. Any number of requests for the next event may wait at once; events are handed out in the order of arrival.
///
/// One thread does everything. It holds an event in memory until it is answered, and of a streamed answer no more than
/// about 1 MiB beyond what the caller has taken.
package final class LocalServer: Sendable {
    /// The port it listens on.
    package let port: UInt16
    private let inbox: ServerInbox
    private let ending = DispatchSemaphore(value: 0)

    /// Starts a server.
    ///
    /// - Parameter settings: The port, the function, and who is told.
    /// - Throws: ``RuntimeError`` when the port is not to be had, or the system has no room for another server.
    package init(_ settings: Settings) throws(RuntimeError) {
        let (listener, port) = try LoopbackListener.open(port: settings.port)
        guard let inbox = ServerInbox() else {
            let code = errno
            close(listener)
            throw Self.error(code)
        }
        self.port = port
        self.inbox = inbox
        let ending = ending
        let result = DetachedThread.start {
            LocalServerLoop(listener: listener, inbox: inbox, settings: settings).run()
            ending.signal()
        }
        guard result == 0 else {
            close(listener)
            // `deinit` waits for a thread.
            ending.signal()
            throw Self.error(result)
        }
    }

    deinit { stop() }

    /// What `AWS_LAMBDA_RUNTIME_API` has to be for the function, such as `127.0.0.1:7000`.
    package var address: String { "127.0.0.1:\(port)" }

    /// Sends an event and waits for its answer, without HTTP.
    ///
    /// It returns promptly when the task is cancelled; the invocation goes on.
    ///
    /// - Parameters:
    ///   - event: The event's bytes, 6,291,556 at most.
    ///   - headers: What a caller may say of it over HTTP: `X-Amz-Client-Context`, `X-Amz-Tenant-Id`,
    ///     `X-Amzn-Trace-Id` and `X-Amz-Invocation-Type`.
    /// - Returns: What a caller would get over HTTP.
    package func invoke(_ event: [UInt8], headers: Headers = [:]) async -> Outcome {
        let id = RequestID.random()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !inbox.post(.invoke(event, headers, id: id, continuation)) {
                    continuation.resume(returning: InvocationService.exited(id))
                } else if Task.isCancelled {
                    // What the handler has posted came before the event.
                    _ = inbox.post(.abandon(id: id))
                }
            }
        } onCancel: {
            _ = inbox.post(.abandon(id: id))
        }
    }

    /// Closes all connections and ends the thread; who waits for an answer gets `Runtime.ExitError`.
    ///
    /// It returns when the port is free; on the server's own thread, where ``Settings`` calls closures, at once.
    package func stop() {
        _ = inbox.post(.stop)
        guard !inbox.isOwner else { return }
        ending.wait()
        // For whoever else waits, or comes later.
        ending.signal()
    }

    private static func error(_ code: Int32) -> RuntimeError {
        RuntimeError(
            .portUnavailable,
            "local server: the system has no room for it (\(String(cString: strerror(code)))). "
                + "End other processes, or raise the limits of descriptors and threads")
    }
}
