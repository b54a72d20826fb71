import Synchronization
import TallyHTTP
import TallyMetrics
import TallyRuntime
import TallyWire

/// A Lambda Runtime API in memory: what the runtime's loop asks for and posts stays in the process.
final class RuntimeAPIDouble: Transport {
    private struct Open {
        let invocation: TestInvocation
        let event: [UInt8]
        var result = TestResult()
        var caller: CheckedContinuation<TestResult, Never>?
    }

    private struct State {
        var open: [String: Open] = [:]
        /// Requests that nobody has taken.
        var waiting: [String] = []
        var takers: [CheckedContinuation<String?, Never>] = []
        var end: (any Error)?
    }

    private let state = Mutex(State())

    // MARK: - From the test

    /// Hands out an event, and waits until its invocation has ended.
    func invoke(_ event: [UInt8], _ invocation: TestInvocation) async -> TestResult {
        await withCheckedContinuation { caller in
            let (taker, refusal) = state.withLock { state -> (CheckedContinuation<String?, Never>?, TestResult?) in
                if let end = state.end {
                    var result = TestResult()
                    result.processEnd = end
                    return (nil, result)
                }
                guard state.open[invocation.requestID] == nil else {
                    fatalError(
                        "TestFunction: request '\(invocation.requestID)' is under way. Give invocations that run at once "
                            + "an id each")
                }
                state.open[invocation.requestID] = Open(invocation: invocation, event: event, caller: caller)
                guard !state.takers.isEmpty else {
                    state.waiting.append(invocation.requestID)
                    return (nil, nil)
                }
                return (state.takers.removeFirst(), nil)
            }
            taker?.resume(returning: invocation.requestID)
            if let refusal { caller.resume(returning: refusal) }
        }
    }

    /// Ends an invocation that is answered and told.
    func end(_ requestID: String, _ metrics: InvocationMetrics) {
        guard var open = state.withLock({ $0.open.removeValue(forKey: requestID) }) else { return }
        open.result.metrics = metrics
        open.caller?.resume(returning: open.result)
    }

    /// Ends all that are open, as with the process.
    func close(_ error: any Error) {
        let (takers, open) = state.withLock { state in
            defer { state = State(end: state.end ?? error) }
            return (state.takers, state.open)
        }
        for taker in takers { taker.resume(returning: nil) }
        for var invocation in open.values {
            invocation.result.processEnd = error
            invocation.caller?.resume(returning: invocation.result)
        }
    }

    // MARK: - From the loop

    func send(_ request: Request) async throws(TransportError) -> Response {
        let path = request.url.split(separator: "/").suffix(2).map(String.init)
        if request.method == .get { return try await next(request) }
        let body = await request.body.collected()
        let requestID = path[0]
        let fault = state.withLock { state in
            state.open[requestID]?.result.take(body, isError: path[1] == "error", headers: request.headers)
            return state.open[requestID]?.invocation.fault
        }
        switch fault?.kind {
        case nil: return Response(status: 202)
        case .status(let status): return Response(status: status)
        case .connectionLost:
            throw TransportError(.connectionLost, "\(request.location): the connection was lost", attempts: 1)
        }
    }

    func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
        throw TransportError(.invalidRequest, "\(request.location): the Runtime API streams nothing")
    }

    private func next(_ request: Request) async throws(TransportError) -> Response {
        let requestID = await withCheckedContinuation { (taker: CheckedContinuation<String?, Never>) in
            let first = state.withLock { state -> String?? in
                if state.end != nil { return .some(nil) }
                if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
                state.takers.append(taker)
                return nil
            }
            if let first { taker.resume(returning: first) }
        }
        guard let open = requestID.flatMap({ id in state.withLock { $0.open[id] } }) else {
            throw TransportError(.cancelled, "\(request.location): the test has ended")
        }
        return Response(status: 200, headers: open.invocation.headers, body: open.event)
    }
}

extension RequestBody {
    /// All bytes of a body, and the trailers behind them.
    fileprivate func collected() async -> (bytes: [UInt8], trailers: Headers) {
        guard let pipe else { return (bytes.map { Array($0) } ?? [], Headers()) }
        return await pipe.collect()
    }
}
