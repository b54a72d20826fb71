import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct ExpiredCredentialsTests {
    /// Hands out keys that are numbered by how often they were fetched.
    private final class NumberedCredentials: CredentialProvider {
        private let number = Mutex(1)
        private let limit: Int

        init(limit: Int = .max) {
            self.limit = limit
        }

        func credentials() async throws -> Credentials { key(number.withLock { $0 }) }

        func credentials(insteadOf rejected: Credentials) async throws -> Credentials? {
            key(
                number.withLock { number in
                    number = min(number + 1, limit)
                    return number
                })
        }

        private func key(_ number: Int) -> Credentials {
            Credentials(accessKeyID: "AKID\(number)", secretAccessKey: "secret")
        }
    }

    private let clock = FixedClock()
    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))
    private let expired = ScriptedTransport.Answer.status(400, #"{"__type":"ExpiredTokenException"}"#)

    private func keys(_ transport: ScriptedTransport) -> [String] {
        transport.requests.map { request in
            let authorization = request.headers["Authorization"] ?? ""
            return String(authorization.split(separator: "=").dropFirst().first?.prefix { $0 != "/" } ?? "")
        }
    }

    @Test(arguments: ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"])
    func `expired credentials are renewed once and the request is signed anew`(code: String) async throws {
        let transport = ScriptedTransport(.status(400, #"{"__type":"\#(code)"}"#), .status(200))
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock, credentials: NumberedCredentials()))

        _ = try await dynamoDB.getItem(input)

        #expect(keys(transport) == ["AKID1", "AKID2"])
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a service that refuses the renewed ones as well is asked twice`() async throws {
        let transport = ScriptedTransport(expired)
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock, credentials: NumberedCredentials()))

        let error = await #expect(throws: ServiceError.self) { _ = try await dynamoDB.getItem(input) }

        #expect(keys(transport) == ["AKID1", "AKID2"])
        #expect(error?.attempts == 2)
    }

    @Test func `a provider that has no others ends the call at once`() async throws {
        let transport = ScriptedTransport(expired)
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock, credentials: NumberedCredentials(limit: 1)))

        let error = await #expect(throws: ServiceError.self) { _ = try await dynamoDB.getItem(input) }

        #expect(error?.attempts == 1)
        #expect(error?.description.contains("The credentials have expired") == true)
    }
}
