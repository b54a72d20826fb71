import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// A server that verifies signatures, as `scripts/support/verifying_servers.py` starts it.
struct VerifyingServer: Sendable, CustomTestStringConvertible {
    let name: String
    let url: String
    let key: String
    let secret: String

    private init(_ name: String) {
        func value(_ field: String) -> String { ProcessEnvironment.value("TALLY_VERIFYING_\(name)_\(field)") ?? "" }
        self.name = name
        url = value("URL")
        key = value("KEY")
        secret = value("SECRET")
    }

    static let moto = VerifyingServer("MOTO")
    static let seaweedFS = VerifyingServer("SEAWEEDFS")
    static let all = [moto, seaweedFS]
    static let bucket = ProcessEnvironment.value("TALLY_VERIFYING_BUCKET") ?? ""

    static var areRunning: Bool { all.allSatisfy { !$0.url.isEmpty } && !bucket.isEmpty }

    var testDescription: String { name }

    func client(
        secret: String? = nil, signing: PayloadSigning = .whenInsecure, clockOffset: Duration = .zero,
        retry: RetryPolicy = .standard
    ) throws -> ServiceClient {
        let transport = CurlTransport()
        return ServiceClient(
            transport: transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: key, secretAccessKey: secret ?? self.secret)),
            endpoints: try Endpoints(overrides: [.s3: url, .dynamoDB: url, .kms: url]), retry: retry,
            payloadSigning: signing,
            effects: CallEffects(wallTime: { .now() + clockOffset }, sleep: transport.sleep(for:)))
    }
}
