import Synchronization
import TallyHTTP

/// A transport that answers from a script and keeps every request.
final class ScriptedTransport: Transport {
    typealias Answer = Result<Response, TransportError>

    private let state = Mutex<[Request]>([])
    private let answer: @Sendable (Request, Int) async -> Answer

    /// Answers by what is asked; the number counts requests from 0.
    init(_ answer: @escaping @Sendable (Request, Int) async -> Answer) {
        self.answer = answer
    }

    /// Answers in turn; the last answer is repeated.
    convenience init(_ answers: Answer...) {
        self.init { _, index in answers[min(index, answers.count - 1)] }
    }

    var requests: [Request] { state.withLock { $0 } }

    func send(_ request: Request) async throws(TransportError) -> Response {
        let index = state.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        return try await answer(request, index).get()
    }

    func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
        let response = try await send(request)
        // Pieces of 3 bytes, so that nothing can depend on their size.
        let offset = Mutex(0)
        let body = ByteStream {
            let start = offset.withLock { offset in
                defer { offset += 3 }
                return offset
            }
            return start < response.body.count ? Array(response.body[start...].prefix(3)) : nil
        }
        return StreamedResponse(
            status: response.status, headers: response.headers, body: body, trip: response.trip
        )
    }
}

extension Result<Response, TransportError> {
    static func status(_ status: Int, _ body: String = "{}", _ headers: Headers = [:]) -> Self {
        .success(Response(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func broken(_ code: TransportError.Code = .connectionLost, attempts: Int = 1) -> Self {
        .failure(TransportError(code, "127.0.0.1:4566", attempts: attempts))
    }

    static let throttled = status(400, #"{"__type":"com.amazon.coral#ThrottlingException","message":"Rate exceeded"}"#)
    static let unavailable = status(503, "")
}
