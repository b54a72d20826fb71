import TallyHTTP

extension InvocationService {
    /// Looks at the head of a request, before its body.
    func begin(_ exchange: HTTPExchange) {
        if exchange.route == .invoke { exchange.bodyLimit = InvocationType(exchange.head.headers).eventLimit }
        if case .response(let id) = exchange.route, exchange.isStreamedResponse, let invocation = open(id) {
            exchange.stream = StreamRelay(
                invocation, contentType: exchange.head.headers["Content-Type"], service: self)
        } else if case .length(let count) = exchange.head.framing, count > exchange.bodyLimit {
            refuseSize(exchange, declared: count)
        }
    }

    /// Acts on a request that has arrived whole.
    func complete(_ exchange: HTTPExchange, trailers: Headers) {
        guard let route = exchange.route else {
            return answer(exchange, .refusal(404, "ResourceNotFoundException", exchange.unknownPath))
        }
        guard exchange.head.method == route.method else {
            var refusal = LocalServer.Outcome.refusal(
                405, "MethodNotAllowedException", "\(exchange.head.path): \(exchange.head.method). Use \(route.method)")
            refusal.headers.add("Allow", route.method)
            return answer(exchange, refusal)
        }
        switch route {
        case .invoke:
            invoke(exchange.body, exchange.head.headers, id: RequestID.random(), caller: .exchange(exchange))
        case .next: park(exchange)
        case .response(let id): takeResponse(exchange, of: id, trailers)
        case .error(let id): takeError(exchange, of: id)
        case .initError: takeInitError(exchange)
        case .register: register(exchange)
        case .extensionEvent: break
        }
    }

    /// Answers a request that could not be read.
    func refuse(_ exchange: HTTPExchange, _ refusal: HTTPRefusal) {
        answer(exchange, .refusal(refusal.status, "BadRequestException", refusal.message))
    }

    /// Answers a request whose body is larger than it may be.
    ///
    /// - Parameters:
    ///   - exchange: The request.
    ///   - declared: How large it says it is; `nil` when that showed only as it came.
    func refuseSize(_ exchange: HTTPExchange, declared: Int?) {
        let seen = declared.map { "\($0) bytes" } ?? "more than \(exchange.bodyLimit) bytes"
        switch exchange.route {
        case .invoke:
            answer(exchange, .tooLarge(seen, limit: exchange.bodyLimit))
        case .response(let id) where exchange.head.method == "POST":
            refuseResponseSize(exchange, of: id)
        default:
            tell(exchange, 413, "RequestEntityTooLarge", "body: \(seen), the limit is \(exchange.bodyLimit)")
        }
    }

    private func answer(_ exchange: HTTPExchange, _ outcome: LocalServer.Outcome) {
        var outcome = outcome
        outcome.headers.add(LocalInvocation.idHeader, RequestID.random())
        exchange.answer(outcome.status, outcome.headers, outcome.body)
    }
}

extension HTTPExchange {
    fileprivate var isStreamedResponse: Bool {
        head.method == "POST" && head.headers["Lambda-Runtime-Function-Response-Mode"]?.lowercased() == "streaming"
    }

    fileprivate var unknownPath: String {
        "\(head.path): no such path. Post events to /invoke or /2015-03-31/functions/function/invocations"
    }
}
