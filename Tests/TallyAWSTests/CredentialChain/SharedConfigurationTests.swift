import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

@Suite struct SharedConfigurationTests {
    private func configuration(
        config: String = "", credentials: String = "", variables: [String: String] = [:], profile: String? = nil
    ) throws(ConfigurationError) -> SharedConfiguration {
        let files = ["/home/me/.aws/config": config, "/home/me/.aws/credentials": credentials]
        let environment = ["HOME": "/home/me"].merging(variables) { $1 }
        return try SharedConfiguration(
            profile: profile, environment: { environment[$0] },
            read: { (path) throws(ConfigurationError) in files[path] })
    }

    @Test func `profiles of both files are one, and the credentials file has the last word`() throws {
        let configuration = try configuration(
            config: """
                # a comment
                [default]
                region = eu-west-1
                [profile team]
                Region=us-east-2 ; a comment
                aws_access_key_id = FROMCONFIG
                url = http://host/#fragment
                """,
            credentials: """
                [team]
                aws_access_key_id=AKID
                aws_secret_access_key = a#b;c=d
                """, profile: "team")

        #expect(configuration.values(of: "default") == ["region": "eu-west-1"])
        #expect(configuration["region"] == "us-east-2")
        #expect(configuration["aws_access_key_id"] == "AKID")
        #expect(configuration["aws_secret_access_key"] == "a#b;c=d")
        #expect(configuration["url"] == "http://host/#fragment")
    }

    @Test func `a profile's section may be written in several ways`() throws {
        let configuration = try configuration(
            config:
                "[profile default]\nregion = a-1\n[default]\nregion = b-1\n[ profile\t\"my team\" ]\nregion=c-1\n[other]\nregion=d-1"
        )

        // `profile default` comes before `default`, and a section without the word is no profile here.
        #expect(configuration["region"] == "a-1")
        #expect(configuration.values(of: "my team") == ["region": "c-1"])
        #expect(configuration.values(of: "other") == nil)
    }

    @Test func `variables name other files and another profile`() throws {
        let files = ["/etc/c": "[profile p]\nregion=x-1", "/home/me/creds": "[p]\naws_access_key_id=AKID"]
        let variables = [
            "HOME": "/home/me", "AWS_CONFIG_FILE": "/etc/c", "AWS_SHARED_CREDENTIALS_FILE": "~/creds",
            "AWS_PROFILE": "p",
        ]

        let configuration = try SharedConfiguration(
            profile: nil, environment: { variables[$0] }, read: { (path) throws(ConfigurationError) in files[path] })

        #expect(configuration.profile == "p")
        #expect(configuration["region"] == "x-1" && configuration["aws_access_key_id"] == "AKID")
    }

    @Test func `a profile that is asked for and not there is named, with those that are`() {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(config: "[profile a]\n[default]", variables: ["AWS_PROFILE": "b"])
        }

        #expect(
            error?.description
                == "AWS_PROFILE: there is no profile \"b\" in /home/me/.aws/config or /home/me/.aws/credentials. "
                + "Use one of a, default.")
    }

    @Test func `no files at all are no error`() throws {
        #expect(try configuration()["region"] == nil)
    }

    @Test(arguments: [
        ("region = x", 1, "a value stands before the first section"),
        ("[default]\nregion", 2, "a line has no equals sign"),
        ("[default\nregion=x", 1, "a section's name does not end"), ("[]\n", 1, "a section has no name"),
        ("[default]\n\n= x", 3, "a value has no name"),
    ])
    func `a line that is neither section nor value is named`(text: String, line: Int, what: String) {
        let error = #expect(throws: ConfigurationError.self) { try configuration(config: text) }

        #expect(
            error?.description == "/home/me/.aws/config, line \(line): \(what). Write [SECTION] or NAME = VALUE.")
    }

    @Test func `endpoints come from the profile's services, then from the profile, and from the environment before`()
        throws
    {
        let configuration = try configuration(
            config: """
                [default]
                endpoint_url = http://127.0.0.1:1
                services = local
                [services local]
                dynamodb =
                  endpoint_url = http://127.0.0.1:2
                secrets_manager =
                    endpoint_url = http://127.0.0.1:3
                """)

        let endpoints = try Endpoints(
            environment: { ["AWS_ENDPOINT_URL_KMS": "http://127.0.0.1:4"][$0] }, configuration: configuration)

        func url(_ service: Service) -> String { "\(endpoints.endpoint(for: service, in: "us-east-1"))" }
        #expect(url(.s3) == "http://127.0.0.1:1")
        #expect(url(.dynamoDB) == "http://127.0.0.1:2")
        #expect(url(.secretsManager) == "http://127.0.0.1:3")
        #expect(url(.kms) == "http://127.0.0.1:4")
    }

    @Test func `the region comes from the environment, then from the profile`() throws {
        let configuration = try configuration(config: "[default]\nregion = eu-west-1")

        #expect(try Region(environment: { _ in nil }, configuration: configuration) == "eu-west-1")
        #expect(
            try Region(environment: { $0 == "AWS_REGION" ? "us-east-1" : nil }, configuration: configuration)
                == "us-east-1")
    }

    @Test(arguments: ["use_fips_endpoint", "use_dualstack_endpoint"])
    func `what is not supported is refused by name`(name: String) {
        let error = #expect(throws: ConfigurationError.self) { try configuration(config: "[default]\n\(name) = true") }

        #expect(error?.setting == "profile default: \(name)")
        #expect(error?.message.contains("endpoint_url") == true)
    }

    @Test func `a file that cannot be read is named`() {
        let error = #expect(throws: ConfigurationError.self) {
            try SharedConfiguration(profile: nil, environment: { $0 == "AWS_CONFIG_FILE" ? "/" : nil })
        }

        #expect(error?.setting == "/")
    }
}
