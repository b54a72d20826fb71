import TallyHTTP
import TallyWire

/// What the local server does with its requests: takes events from callers, hands them to the function, and brings back
/// what the function answers.
final class InvocationService {
    let settings: LocalServer.Settings
    /// Events that wait for the function.
    private var waiting: [LocalInvocation] = []
    /// Requests of the function that wait for an event.
    private var parked: [HTTPExchange] = []
    /// Invocations whose event the function has, by request id.
    private(set) var running: [String: LocalInvocation] = [:]
    /// The last invocations that were answered in the function's place: what is posted for them comes too late.
    private var overruled: [String] = []
    private var initError: LocalServer.Outcome?
    private var count = 0

    private static let overruledLimit = 1000

    init(_ settings: LocalServer.Settings) {
        self.settings = settings
    }

    // MARK: - Invocations

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: Its bytes.
    ///   - headers: What the function is told beside it.
    ///   - id: Its request id.
    ///   - caller: Who waits for the answer.
    func enqueue(_ event: [UInt8], _ headers: Headers, id: String, caller: LocalInvocation.Caller) {
        let invocation = LocalInvocation(
            id: id, number: count, event: event, headers: headers, caller: caller, onAnswer: settings.onAnswer)
        count += 1
        if let initError { return invocation.answer(initError) }
        waiting.append(invocation)
        handOut()
    }

    /// Takes a request for an event.
    func park(_ exchange: HTTPExchange) {
        // Whoever asks for events has started after all.
        initError = nil
        parked.append(exchange)
        handOut()
    }

    private func handOut() {
        while !waiting.isEmpty {
            guard let free = parked.firstIndex(where: \.isOpen) else { break }
            let exchange = parked[free]
            parked.removeSubrange(...free)
            deliver(waiting[0], to: exchange)
        }
        if waiting.isEmpty { parked.removeAll { !$0.isOpen } }
    }

    private func deliver(_ invocation: LocalInvocation, to exchange: HTTPExchange) {
        invocation.deliveries += 1
        let fault = settings.fault?(invocation.number, .next(attempt: invocation.deliveries))
        if case .status(let status) = fault { return answer(exchange, with: status) }
        if fault?.withholdsEvent != true {
            waiting.removeFirst()
            invocation.deadline = .now + settings.timeout
            running[invocation.id] = invocation
        }
        var headers: Headers = [
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": "\((Timestamp.now() + settings.timeout).milliseconds)",
            "Lambda-Runtime-Invoked-Function-Arn": settings.functionARN,
        ]
        for field in invocation.headers.fields { headers.add(field) }
        exchange.answer(200, headers, invocation.event, fault: fault)
    }

    /// The invocation of an id whose answer the function has not begun to send.
    func open(_ id: String) -> LocalInvocation? {
        running[id].flatMap { $0.isStreaming ? nil : $0 }
    }

    /// Whether the invocation of an id was answered in the function's place.
    func isOverruled(_ id: String) -> Bool { overruled.contains(id) }

    /// Takes the function's answer.
    func settle(_ invocation: LocalInvocation, with outcome: LocalServer.Outcome) {
        running[invocation.id] = nil
        invocation.answer(outcome)
    }

    /// Takes the end of an answer that came in pieces.
    func settle(_ invocation: LocalInvocation, _ stream: StreamRelay, trailers: Headers) {
        running[invocation.id] = nil
        stream.end(trailers)
    }

    /// Answers in the function's place.
    func overrule(_ invocation: LocalInvocation, with outcome: LocalServer.Outcome) {
        overruled.append(invocation.id)
        overruled.removeFirst(max(0, overruled.count - Self.overruledLimit))
        settle(invocation, with: outcome)
    }

    /// Notes that the function's answer has no end.
    func lose(_ invocation: LocalInvocation) {
        settle(invocation, with: Self.exited(invocation.id))
    }

    /// Notes that the function cannot start: whoever waits or comes gets its error.
    func failInitialization(_ outcome: LocalServer.Outcome) {
        initError = outcome
        let lost = waiting
        waiting = []
        for invocation in lost { invocation.answer(outcome) }
    }

    /// Lets a caller go whose task was cancelled.
    func abandon(_ id: String) {
        (running[id] ?? waiting.first { $0.id == id })?.abandon()
    }

    /// Answers whoever still waits.
    func stop() {
        let lost = running.values.sorted { $0.number < $1.number } + waiting
        running = [:]
        waiting = []
        for invocation in lost { invocation.answer(Self.exited(invocation.id)) }
    }

    // MARK: - Time

    /// When the time of the first invocation is up.
    var nextDeadline: Moment? { running.values.compactMap { $0.isAnswered ? nil : $0.deadline }.min() }

    /// Answers the invocations whose time is up.
    ///
    /// - Returns: Their request ids, in the order of arrival.
    func expire() -> [String] {
        let now = Moment.now
        let late = running.values.filter { invocation in
            invocation.deadline.map { $0 <= now } == true && !invocation.isAnswered
        }
        return late.sorted { $0.number < $1.number }.map { invocation in
            overrule(invocation, with: timedOut(invocation.id))
            return invocation.id
        }
    }

    private func timedOut(_ id: String) -> LocalServer.Outcome {
        .failure(
            "Sandbox.Timedout",
            "RequestId: \(id) Error: Task timed out after \(Self.seconds(settings.timeout)) seconds")
    }

    /// A duration as Lambda tells it: seconds with two decimals.
    static func seconds(_ duration: Duration) -> String {
        let (seconds, rest) = ((duration.attoseconds + 5_000_000_000_000_000) / 10_000_000_000_000_000)
            .quotientAndRemainder(dividingBy: 100)
        return "\(seconds).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The answer when the function has ended.
    static func exited(_ id: String) -> LocalServer.Outcome {
        .failure(
            "Runtime.ExitError", "RequestId: \(id) Error: Runtime exited without providing a reason", status: 502)
    }
}
