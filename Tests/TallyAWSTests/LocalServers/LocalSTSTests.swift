import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    @Suite struct STSTests {
        @Test func `a profile's role is assumed, and calls are made as it`() async throws {
            // moto serves KMS and STS alike.
            let endpoints = try Endpoints(overrides: [.sts: LocalServers.value("AWS_ENDPOINT_URL_KMS")])
            let transport = CurlTransport()
            let variables = [
                "HOME": "/h", "AWS_PROFILE": "app", "AWS_ENDPOINT_URL_STS": LocalServers.value("AWS_ENDPOINT_URL_KMS"),
            ]
            let config = """
                [profile app]
                role_arn = arn:aws:iam::123456789012:role/app
                role_session_name = tally-test
                source_profile = base
                [profile base]
                aws_access_key_id = AKIDBASE
                aws_secret_access_key = secret
                """
            let configuration = try SharedConfiguration(
                profile: nil, environment: { variables[$0] },
                read: { (path) throws(ConfigurationError) in path == "/h/.aws/config" ? config : nil })
            let chain = try CredentialChain(
                isProfileGiven: false, transport: transport, region: "us-east-1", environment: { variables[$0] },
                effects: CallEffects(sleep: transport.sleep(for:)), configuration: { configuration })

            let credentials = try await chain.credentials()
            let client = ServiceClient(
                transport: transport, region: "us-east-1", credentials: chain, endpoints: endpoints,
                sleep: transport.sleep(for:))
            let answer = try await client.call(
                service: .sts, action: "GetCallerIdentity", version: "2011-06-15", parameters: [:])

            #expect(credentials.accessKeyID.hasPrefix("ASIA") && credentials.sessionToken != nil)
            #expect(try #require(credentials.expiration) > .now())
            let identity = XMLElement(answer)?.find("Arn")?.text
            #expect(identity?.hasSuffix(":assumed-role/app/tally-test") == true)
        }
    }
}
