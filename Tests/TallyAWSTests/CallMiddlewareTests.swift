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
