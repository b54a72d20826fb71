import Foundation
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// The clock of these tests stands at 2015-08-30T12:36:00Z.
@Suite struct CredentialChainTests {
    private let clock = FixedClock()
    private let sts = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t0k3n</SessionToken>
        <Expiration>2015-08-30T13:36:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """

    private func chain(
        config: String = "", variables: [String: String] = [:], profile: String? = nil,
        transport: ScriptedTransport = ScriptedTransport(.broken())
    ) throws(ConfigurationError) -> CredentialChain {
        let environment = ["HOME": "/h"].merging(variables) { $1 }
        return try CredentialChain(
            isProfileGiven: profile != nil, transport: transport, region: "us-east-1",
            environment: { environment[$0] }, effects: clock.effects,
            configuration: { () throws(ConfigurationError) in
                try SharedConfiguration(
                    profile: profile, environment: { environment[$0] },
                    read: { (path) throws(ConfigurationError) in path == "/h/.aws/config" ? config : nil })
            })
    }

    private func error(
        config: String = "", variables: [String: String] = [:], profile: String? = nil
    ) -> ConfigurationError? {
        #expect(throws: ConfigurationError.self) { try chain(config: config, variables: variables, profile: profile) }
    }

    private let keys = "aws_access_key_id = AKID\naws_secret_access_key = s\naws_session_token = t\n"

    // MARK: - Order

    @Test func `the environment comes before a profile, unless the profile is given in code`() async throws {
        let variables = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_PROFILE": "p"]
        let config = "[profile p]\n\(keys)"

        let usual = try await chain(config: config, variables: variables).credentials()
        let given = try await chain(config: config, variables: variables, profile: "p").credentials()

        #expect(usual.accessKeyID == "ENV")
        #expect(given == Credentials(accessKeyID: "AKID", secretAccessKey: "s", sessionToken: "t"))
    }

    @Test func `where the environment has keys, no file is read, broken ones included`() async throws {
        let variables = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_PROFILE": "not-there"]

        #expect(try await chain(config: "no section", variables: variables).credentials().accessKeyID == "ENV")
    }

    @Test func `half a pair of keys ends the search`() async throws {
        let chain = try chain(config: "[default]\n\(keys)", variables: ["AWS_ACCESS_KEY_ID": "ENV"])

        let error = await #expect(throws: ConfigurationError.self) { try await chain.credentials() }

        #expect(error?.setting == "AWS_SECRET_ACCESS_KEY")
    }

    @Test func `where nothing is found, each place is told with what was seen`() {
        #expect(
            error()?.description
                == "credentials: none found (environment: AWS_ACCESS_KEY_ID is not set; profile default: no credentials "
                + "in /h/.aws/config or /h/.aws/credentials; container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and "
                + "AWS_CONTAINER_CREDENTIALS_FULL_URI are not set). Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                + "or name a profile in AWS_PROFILE. EC2's metadata service is not asked.")
    }

    @Test(arguments: [
        ("[default]\nweb_identity_token_file = /t\nrole_arn = r", "profile default: web_identity_token_file"),
        ("[default]\nsso_session = s", "profile default: sso_session"),
        ("[default]\nsso_start_url = https://s", "profile default: sso_start_url"),
        ("[default]\nrole_arn = r\nsource_profile = s\nmfa_serial = m", "profile default: mfa_serial"),
        ("[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata", "profile default: credential_source"),
        ("[default]\nrole_arn = r\ncredential_source = Moon", "profile default: credential_source"),
        ("[default]\nrole_arn = r", "profile default: role_arn"),
        ("[default]\nrole_arn = r\nsource_profile = s", "profile default: source_profile"),
        ("[default]\nrole_arn = r\nsource_profile = s\n[profile s]\nregion = x-1", "profile default: source_profile"),
        (
            "[default]\nrole_arn = r\nsource_profile = s\ncredential_source = Environment",
            "profile default: source_profile"
        ),
        ("[default]\naws_access_key_id = a", "profile default: aws_secret_access_key"),
        ("[default]\naws_secret_access_key = a", "profile default: aws_access_key_id"),
    ])
    func `what is incomplete or not supported is refused by name`(config: String, setting: String) {
        let error = error(config: config)

        #expect(error?.setting == setting)
        #expect(error?.message.hasSuffix(".") == true)
    }

    @Test func `web identity in the environment is refused by name`() {
        #expect(
            error(variables: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "r"])?.setting
                == "AWS_WEB_IDENTITY_TOKEN_FILE")
    }

    @Test func `profiles that go in a circle are told in their order`() {
        let error = error(
            config: "[default]\nrole_arn = 1\nsource_profile = b\n[profile b]\nrole_arn = 2\nsource_profile = c\n"
                + "[profile c]\nrole_arn = 3\nsource_profile = b")

        #expect(error?.description == "profile b: source_profile: default → b → c → b goes in a circle.")
    }

    // MARK: - Roles

    @Test func `a role is assumed with the keys of the source profile`() async throws {
        let transport = ScriptedTransport(.status(200, sts))
        let chain = try chain(
            config: "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = e\n"
                + "role_session_name = me\nduration_seconds = 900\n[profile base]\n\(keys)", transport: transport)

        let credentials = try await chain.credentials()
        _ = try await chain.credentials()

        #expect(
            credentials
                == Credentials(
                    accessKeyID: "ASIA", secretAccessKey: "s3cr3t", sessionToken: "t0k3n",
                    expiration: Timestamp(iso8601: "2015-08-30T13:36:00Z")))
        #expect(transport.requests.count == 1)
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://sts.us-east-1.amazonaws.com/")
        #expect(
            request.bodyText
                == "Action=AssumeRole&DurationSeconds=900&ExternalId=e&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
                + "&RoleSessionName=me&Version=2011-06-15")
        #expect(request.headers["Authorization"]?.contains("Credential=AKID/20150830/us-east-1/sts/") == true)
    }

    @Test func `a profile may assume its role with its own keys, or with the environment's`() async throws {
        for (config, variables, id) in [
            ("[default]\nrole_arn = r\nsource_profile = default\n\(keys)", [:], "AKID"),
            (
                "[profile p]\nrole_arn = r\ncredential_source = Environment",
                ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"], "ENV"
            ),
        ] as [(String, [String: String], String)] {
            let transport = ScriptedTransport(.status(200, sts))
            let chain = try chain(
                config: config, variables: variables, profile: config.contains("profile p") ? "p" : "default",
                transport: transport)

            #expect(try await chain.credentials().accessKeyID == "ASIA")
            #expect(transport.requests.first?.headers["Authorization"]?.contains("Credential=\(id)/") == true)
        }
    }

    @Test func `a role that must not be assumed is told by STS's own words`() async throws {
        let xml = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"
        let chain = try chain(
            config: "[default]\nrole_arn = r\nsource_profile = default\n\(keys)",
            transport: ScriptedTransport(.status(403, xml)))

        let error = await #expect(throws: ServiceError.self) { try await chain.credentials() }

        #expect(error?.description.hasPrefix("STS AssumeRole: AccessDenied: not you") == true)
    }

    // MARK: - Programs

    private func process(_ script: String) async throws -> Credentials {
        try await chain(config: "[default]\ncredential_process = \(script)").credentials()
    }

    @Test func `a program prints credentials, with or without an end`() async throws {
        let lasting = #"printf '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","Other":[1]}'"#
        let ending =
            #"printf '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":"2015-08-30T13:00:00Z"}'"#

        #expect(try await process(lasting) == Credentials(accessKeyID: "AKID", secretAccessKey: "s"))
        #expect(try await process(ending).expiration == Timestamp(iso8601: "2015-08-30T13:00:00Z"))
    }

    @Test(arguments: [
        ("echo s3cr3t; echo no such vault >&2; exit 3", "ended with status 3: no such vault."),
        ("echo s3cr3t", "printed no JSON"), ("echo '{}'", "printed no Version, not 1."),
        (#"echo '{"Version":2}'"#, "printed Version 2, not 1."), (#"echo '{"Version":1}'"#, "printed no AccessKeyId."),
        (#"echo '{"Version":1,"AccessKeyId":"a"}'"#, "printed no SecretAccessKey."),
        (
            #"echo '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"s3cr3t","Expiration":"soon"}'"#,
            "printed the Expiration \"soon\", which is no time."
        ), ("kill -9 $$", "ended with status 137."), ("/no/such/program", "ended with status 127"),
    ])
    func `a program that fails is told with what it said, never with what it printed`(
        script: String, what: String
    ) async throws {
        let error = await #expect(throws: ConfigurationError.self) { _ = try await process(script) }

        #expect(error?.setting == "profile default: credential_process")
        #expect(error?.message.contains(String(what.dropLast())) == true)
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test func `a program that does not end is killed with what it started`() async throws {
        let marker = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: marker) }
        let process = ProcessCredentials(
            command: "sleep 600 & echo $! > \(marker); wait", profile: "p", timeout: .milliseconds(300))

        let error = await #expect(throws: ConfigurationError.self) { _ = try await process.fetch() }

        #expect(error?.message.contains("did not end within 0.3 seconds") == true)
        let child = try #require(pid_t(String(contentsOfFile: marker, encoding: .utf8).dropLast()))
        var isGone = false
        for _ in 0..<200 where !isGone {
            // Gone, or a zombie that its new parent has not waited for yet.
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            isGone = state == nil || state?.contains(") Z ") == true
            if !isGone { await Task.yield() }
        }
        #expect(isGone)
    }

    @Test func `64 KiB of what a program prints are kept`() async throws {
        let command = ShellCommand("head -c 1000000 /dev/zero; echo done >&2; exit 3", timeout: .seconds(20))

        let result = try #require(await command.run())

        #expect(result.output.count == 64 << 10)
        #expect(result.errors == Array("done\n".utf8))
        #expect(result.status == 3)
    }

    @Test func `a relative address that is no path is refused`() {
        #expect(
            error(variables: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "evil.example/"])?.message
                == "\"evil.example/\" does not begin with a slash. Set it to a path.")
    }

    @Test func `a program that prints without end is bounded`() async throws {
        let error = await #expect(throws: ConfigurationError.self) {
            _ = try await process("head -c 10000000 /dev/zero")
        }

        #expect(error?.message.contains("printed no JSON") == true)
    }

    // MARK: - Containers

    private let answer =
        #"{"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2015-08-30T18:00:00Z","RoleArn":"r"}"#

    @Test func `a relative address is asked before a full one, with the token`() async throws {
        let transport = ScriptedTransport(.status(200, answer))
        let chain = try chain(
            variables: [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://elsewhere/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
            ], transport: transport)

        let credentials = try await chain.credentials()

        #expect(credentials.accessKeyID == "ASIA" && credentials.sessionToken == "t")
        let request = try #require(transport.requests.first)
        #expect(request.url == "http://169.254.170.2/v2/credentials/1")
        #expect(request.headers["Authorization"] == "tok")
        #expect(!request.usesProxy)
    }

    @Test(arguments: [
        "https://example.com/", "http://127.0.0.1:8080/x", "http://localhost/", "http://[::1]:80/",
        "http://169.254.170.23/",
        "http://[fd00:ec2::23]/v1",
    ])
    func `credentials are asked for over TLS or on this machine`(url: String) async throws {
        let chain = try chain(
            variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], transport: ScriptedTransport(.status(200, answer)))

        #expect(try await chain.credentials().accessKeyID == "ASIA")
    }

    @Test(arguments: [
        "http://example.com/", "http://127.evil.com/", "http://169.254.169.254/", "ftp://localhost/", "x",
    ])
    func `credentials are never asked for in the clear elsewhere`(url: String) {
        #expect(
            error(variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])?.setting
                == "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    }

    @Test func `the token's file is read at each fetch, and comes before the token`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("one".utf8).write(to: file)
        let transport = ScriptedTransport(.status(200, answer))
        let chain = try chain(
            variables: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file.path,
            ], transport: transport)

        let first = try await chain.credentials()
        try Data("two".utf8).write(to: file)
        _ = try await chain.credentials(insteadOf: first)
        try Data("with\nbreak".utf8).write(to: file)
        let broken = await #expect(throws: ConfigurationError.self) {
            _ = try await chain.credentials(insteadOf: first)
        }
        try FileManager.default.removeItem(at: file)
        let gone = await #expect(throws: ConfigurationError.self) { _ = try await chain.credentials(insteadOf: first) }

        #expect(transport.requests.map { $0.headers["Authorization"] } == ["one", "two"])
        #expect(broken?.message.contains("line break") == true)
        #expect(gone?.message.contains(file.path) == true)
    }

    @Test func `an endpoint that is out of order is asked three times, then told`() async throws {
        let transport = ScriptedTransport(.status(500, ""), .broken(.timedOut), .status(503, ""))
        let chain = try chain(
            variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"], transport: transport)

        let error = await #expect(throws: ConfigurationError.self) { _ = try await chain.credentials() }

        #expect(transport.requests.count == 3)
        #expect(clock.sleeps == [.milliseconds(50), .milliseconds(100)])
        #expect(error?.message.contains("127.0.0.1 answered with status 503") == true)
    }

    @Test(arguments: [
        (404, "", "answered with status 404 and no JSON"),
        (400, #"{"code":"NoRole","message":"none here"}"#, "answered with status 400, NoRole: none here"),
        (200, "{}", "told no AccessKeyId"),
    ])
    func `an endpoint that refuses is asked once and told`(status: Int, body: String, what: String) async throws {
        let transport = ScriptedTransport(.status(status, body))
        let chain = try chain(
            variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"], transport: transport)

        let error = await #expect(throws: ConfigurationError.self) { _ = try await chain.credentials() }

        #expect(transport.requests.count == 1)
        #expect(error?.message.contains(what) == true)
    }
}
