import Synchronization
import TallyTestServer
import Testing

@testable import TallyHTTP

/// Handles are kept from request to request, and with them what was set on them.
@Suite struct HandleReuseTests {
    private static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    private static let headers: [Headers] = [
        [:], ["X-A": "1"], ["X-A": "2"], ["Content-Type": "text/plain", "X-A": ""], ["Accept": "text/*"],
    ]
    private static let paths = ["a", "a?b", "", "a#b", "longer/path"]

    private func body(_ generator: inout some RandomNumberGenerator) -> RequestBody {
        let bytes = [UInt8](repeating: .random(in: 65...90, using: &generator), count: 70_000)
        let part = bytes.prefix(.random(in: 1...100, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return .none
        case 1: return .bytes([])
        case 2: return .bytes(part)
        case 3:
            return .stream(count: part.count) {
                let rest = Mutex<ArraySlice<UInt8>?>(part)
                return ByteStream { rest.withLock { $0.take() }.map(Array.init) }
            }
        default: return .bytes(bytes)
        }
    }

    private func request(to server: LoopbackServer, _ generator: inout some RandomNumberGenerator) -> Request {
        let method = Self.methods.randomElement(using: &generator) ?? ""
        return Request(
            Request.Method(rawValue: method), server.url + (Self.paths.randomElement(using: &generator) ?? ""),
            headers: Self.headers.randomElement(using: &generator) ?? [:],
            body: method == "HEAD" ? .none : body(&generator),
            timeouts: Bool.random(using: &generator) ? .standard : .none, usesProxy: .random(using: &generator))
    }

    @Test func `a request goes out as the first of its transport would, whatever went before it`() async throws {
        let server = try LoopbackServer { _ in [reply()] }
        defer { server.stop() }
        let transport = CurlTransport()
        var generator = SystemRandomNumberGenerator()

        for number in 0..<150 {
            let request = request(to: server, &generator)
            _ = try await CurlTransport().send(request)
            let first = try #require(server.requests.last)
            _ = try await transport.send(request)
            let later = try #require(server.requests.last)

            #expect(server.requests.count == 2 * number + 2)
            #expect(first.head.hasPrefix("\(request.method.rawValue) /"))
            #expect(later.head == first.head)
            #expect(later.body == first.body)
        }
    }
}
