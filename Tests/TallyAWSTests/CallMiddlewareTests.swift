import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct CallMiddlewareTests {
    private struct Refusal: Error {}

    private final class Diary: CallMiddleware {
        let name: String
        let pages: Mutex<[String]>
        let refuses: Bool

        init(_ name: String, refuses: Bool = false) {
            self.name = name
            self.refuses = refuses
            pages = Mutex([])
        }

        var entries: [String] { pages.withLock { $0 } }

        func willSend(_ request: inout Request, for attempt: CallAttempt) async throws {
            request.headers.add("x-diary", name)
            pages.withLock {
                $0.append("\(attempt.operation) \(attempt.resource ?? "-") \(attempt.number)/\(attempt.limit)")
            }
            if refuses { throw Refusal() }
        }

        func didEnd(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) async {
            let status = outcome.status.map { "\($0)" } ?? "-"
            pages.withLock { $0.append("\(status) \(outcome.error?.code.rawValue ?? "ok") \(attempt.number)") }
        }
    }

    private let clock = FixedClock()
    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    private func client(_ transport: ScriptedTransport, _ middleware: any CallMiddleware...) throws -> DynamoDB {
        DynamoDB(
            ServiceClient(
                transport: transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: try Endpoints(overrides: [.dynamoDB: ServiceClient.local]), retry: .standard,
                middleware: middleware, effects: clock.effects))
    }

    @Test func `each attempt is seen before and after, whatever becomes of it`() async throws {
        let transport = ScriptedTransport(.unavailable, .broken(), .status(200))
        let diary = Diary("a")

        _ = try await client(transport, diary).getItem(input)

        #expect(
            diary.entries == [
                "GetItem documents 1/4", "503 HTTP503 1", "GetItem documents 2/4", "- NoResponse 2",
                "GetItem documents 3/4", "200 ok 3",
            ])
    }

    @Test func `what it adds is signed, in order`() async throws {
        let transport = ScriptedTransport(.status(200))

        _ = try await client(transport, Diary("a"), Diary("b")).getItem(input)

        let request = try #require(transport.requests.first)
        #expect(request.headers.fields.filter { $0.name == "x-diary" }.map(\.value) == ["a", "b"])
        #expect(request.headers["Authorization"]?.contains(";x-diary") == true)
    }

    @Test func `the last to see a request is the first to see its end`() async throws {
        let seen = Mutex<[String]>([])
        struct Named: CallMiddleware {
            let name: String
            let note: @Sendable (String) -> Void

            func willSend(_ request: inout Request, for attempt: CallAttempt) async throws { note("\(name) sends") }
            func didEnd(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) async { note("\(name) ends") }
        }
        let note: @Sendable (String) -> Void = { entry in seen.withLock { $0.append(entry) } }

        _ = try await client(
            ScriptedTransport(.status(200)), Named(name: "a", note: note), Named(name: "b", note: note)
        ).getItem(input)

        #expect(seen.withLock { $0 } == ["a sends", "b sends", "b ends", "a ends"])
    }

    private struct Stopwatch: CallMiddleware {
        let note: @Sendable (Duration) -> Void

        func didEnd(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) async { note(outcome.duration) }
    }

    @Test func `an attempt that only opens a connection is timed for who looks at it, without any scope`() async throws
    {
        let clock = clock
        let seen = Mutex<[Duration]>([])
        let transport = ScriptedTransport { _, _ in
            clock.advance(by: .milliseconds(10))
            return .status(200)
        }

        let dynamoDB = try client(transport, Stopwatch { time in seen.withLock { $0.append(time) } })
        await dynamoDB.client.warmUp(.dynamoDB)

        #expect(seen.withLock { $0 } == [.milliseconds(10)])
    }

    @Test func `an attempt's duration is its own`() async throws {
        let clock = clock
        let seen = Mutex<[Duration]>([])
        let transport = ScriptedTransport { _, index in
            clock.advance(by: .milliseconds(10 + index))
            return index == 0 ? .broken() : .status(200)
        }

        _ = try await client(transport, Stopwatch { time in seen.withLock { $0.append(time) } }).getItem(input)

        #expect(seen.withLock { $0 } == [.milliseconds(10), .milliseconds(11)])
    }

    @Test func `a refusal ends the call before it is sent`() async throws {
        let transport = ScriptedTransport(.status(200))
        let diary = Diary("a", refuses: true)

        let error = await #expect(throws: ServiceError.self) { _ = try await client(transport, diary).getItem(input) }

        #expect(error?.code == .refused)
        #expect(error?.underlying is Refusal)
        #expect(error?.attempts == 0)
        #expect(transport.requests.isEmpty)
        #expect(diary.entries.count == 1)
    }
}
