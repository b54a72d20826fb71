import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// What `scripts/local env` names.
enum LocalServers {
    static let table = value("DOCUMENTS_TABLE")
    static let bucket = value("DOCUMENTS_BUCKET")
    static let keyAlias = value("DOCUMENTS_KEY")

    static var areRunning: Bool {
        [table, bucket, keyAlias, value("AWS_ENDPOINT_URL_DYNAMODB")].allSatisfy { !$0.isEmpty }
    }

    static func value(_ name: String) -> String { ProcessEnvironment.value(name) ?? "" }

    /// A client of the servers that the environment names.
    static func client(overrides: [Service: String] = [:]) throws -> ServiceClient {
        let transport = CurlTransport()
        return ServiceClient(
            transport: transport, region: try Region(environment: ProcessEnvironment.value),
            credentials: EnvironmentCredentials(),
            endpoints: overrides.isEmpty
                ? try Endpoints(environment: ProcessEnvironment.value) : try Endpoints(overrides: overrides),
            sleep: transport.sleep(for:)
        )
    }
}

/// The operations against real servers on this machine, as `scripts/local` starts them.
///
///     eval "$(scripts/local env)" && swift test --filter LocalServersTests
@Suite(.enabled(if: LocalServers.areRunning, "scripts/local is not running"), .serialized)
struct LocalServersTests {}
