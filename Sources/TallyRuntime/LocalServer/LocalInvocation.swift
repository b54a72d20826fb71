import TallyHTTP
import TallyWire

/// One event on its way to the function and back.
final class LocalInvocation {
    /// Who waits for the answer.
    enum Caller {
        case exchange(HTTPExchange)
        case task(CheckedContinuation<LocalServer.Outcome, Never>)
        case nobody

        /// Gives an answer in one piece.
        func answer(_ outcome: LocalServer.Outcome) {
            switch self {
            case .exchange(let exchange): exchange.answer(outcome.status, outcome.headers, outcome.body)
            case .task(let continuation): continuation.resume(returning: outcome)
            case .nobody: break
            }
        }
    }

    let id: String
    /// In the order of arrival, from 0.
    let number: Int
    let event: [UInt8]
    /// What the function is told beside the event.
    let headers: Headers
    /// When the function's time is up; `nil` until it has the event.
    var deadline: Moment?
    /// How often the event was handed out, or withheld by a fault.
    var deliveries = 0
    /// Whether the function is sending its answer in pieces.
    var isStreaming = false
    private(set) var isAnswered = false

    private var caller: Caller
    private var hasBegun = false
    private var outcome = LocalServer.Outcome(0)
    private let onAnswer: (@Sendable (String, LocalServer.Outcome) -> Void)?

    init(
        id: String, number: Int, event: [UInt8], headers: Headers, caller: Caller,
        onAnswer: (@Sendable (String, LocalServer.Outcome) -> Void)?
    ) {
        self.id = id
        self.number = number
        self.event = event
        self.headers = headers
        self.caller = caller
        self.onAnswer = onAnswer
    }

    /// Bytes that the caller has not taken yet.
    var backlog: Int {
        if case .exchange(let exchange) = caller { exchange.backlog } else { 0 }
    }

    /// Answers in one piece; an answer that has begun cannot be taken back, and is broken off.
    func answer(_ answer: LocalServer.Outcome) {
        guard !isAnswered else { return }
        guard hasBegun else {
            outcome = answer
            outcome.headers[Self.idHeader] = id
            return finish { $0.answer(outcome) }
        }
        outcome.functionError = answer.functionError
        outcome.isWhole = false
        finish { caller in
            if case .exchange(let exchange) = caller { exchange.breakOff() } else { caller.answer(outcome) }
        }
    }

    /// Begins an answer that comes in pieces.
    func begin(_ status: Int, _ headers: Headers) {
        guard !isAnswered else { return }
        hasBegun = true
        outcome = LocalServer.Outcome(status, headers)
        outcome.headers[Self.idHeader] = id
        if case .exchange(let exchange) = caller {
            exchange.begin(status, outcome.headers, trailers: StreamRelay.trailerNames)
        }
    }

    /// Passes on a piece.
    func write(_ piece: ArraySlice<UInt8>) {
        guard !isAnswered, !piece.isEmpty else { return }
        outcome.byteCount += piece.count
        switch caller {
        case .exchange(let exchange): exchange.write(piece)
        case .task: outcome.chunks.append(Array(piece))
        case .nobody: break
        }
    }

    /// Ends an answer that came in pieces.
    ///
    /// - Parameters:
    ///   - trailers: The fields behind it.
    ///   - functionError: The type of the error that they tell.
    func end(_ trailers: Headers, functionError: String?) {
        guard !isAnswered else { return }
        outcome.trailers = trailers
        outcome.functionError = functionError
        finish { caller in
            if case .exchange(let exchange) = caller { exchange.end(trailers) } else { caller.answer(outcome) }
        }
    }

    /// Lets the caller go; the function's answer is taken and dropped.
    func abandon() {
        guard !isAnswered else { return }
        var partial = outcome
        partial.isWhole = false
        caller.answer(partial)
        caller = .nobody
    }

    private func finish(_ tell: (Caller) -> Void) {
        isAnswered = true
        // First, so that whoever has the answer finds that it was told.
        onAnswer?(id, outcome)
        tell(caller)
        caller = .nobody
    }

    /// The name of the header with which every answer to a caller tells the id.
    static let idHeader = "x-amzn-RequestId"
}
