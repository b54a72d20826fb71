import TallyHTTP
import TallyWire

/// Takes an answer that the function sends in pieces, and passes each on to the caller as it comes.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming>
final class StreamRelay {
    /// The trailers with which a function tells that it failed after the first piece.
    static let trailerNames = [Diagnostic.typeHeader, Diagnostic.bodyTrailer]
    // What a caller leaves lying is not read from the function, so that memory stays bounded.
    private static let backlogLimit = 1 << 20

    private let invocation: LocalInvocation
    private unowned let service: InvocationService
    private let contentType: String
    /// Gathers status and headers at the beginning of an answer to an HTTP request.
    private var prelude: StreamPrelude?

    init(_ invocation: LocalInvocation, contentType: String?, service: InvocationService) {
        self.invocation = invocation
        self.service = service
        self.contentType = contentType ?? "application/octet-stream"
        invocation.isStreaming = true
        if contentType == StreamingResponse.integrationType {
            prelude = StreamPrelude()
        } else {
            invocation.begin(200, ["Content-Type": self.contentType])
        }
    }

    /// Whether the caller has taken enough of what came before.
    var mayReceive: Bool { invocation.backlog <= Self.backlogLimit }

    /// Takes a piece.
    func receive(_ piece: ArraySlice<UInt8>) {
        guard prelude != nil else { return invocation.write(piece) }
        do throws(StreamPrelude.Malformed) {
            guard let (head, rest) = try prelude?.receive(piece) else { return }
            prelude = nil
            invocation.begin(head.status, head.headers)
            invocation.write(rest)
        } catch {
            refuse(error)
        }
    }

    /// Takes the end.
    func end(_ trailers: Headers) {
        if prelude != nil { refuse(.endless) }
        var passed = Headers()
        for name in Self.trailerNames { if let value = trailers[name] { passed.add(name, value) } }
        invocation.end(passed, functionError: passed[Diagnostic.typeHeader])
    }

    /// Notes that there is no end.
    func breakOff() { service.lose(invocation) }

    private func refuse(_ malformed: StreamPrelude.Malformed) {
        prelude = nil
        invocation.answer(.failure("Runtime.InvalidStreamPrelude", malformed.message, status: 502))
    }
}
