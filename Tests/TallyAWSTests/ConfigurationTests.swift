import TallyMetrics
import Testing

@testable import TallyAWS

struct RegionTests {
    @Test func `AWS_REGION comes before AWS_DEFAULT_REGION`() throws {
        let variables = ["AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "us-east-1"]

        #expect(try Region { variables[$0] }.name == "eu-central-1")
        #expect(try Region { $0 == "AWS_REGION" ? "" : variables[$0] }.name == "us-east-1")
    }

    @Test func `a missing region says which variable to set`() {
        let error = #expect(throws: ConfigurationError.self) { try Region { _ in nil } }

        #expect(error?.setting == "AWS_REGION")
        #expect(error?.description == "AWS_REGION: not set. Set it to the region of your tables, such as us-east-1.")
    }

    @Test(arguments: ["", "us", "US-EAST-1", "us-east-1.evil.example/", "us east 1", "-us-east", "us-east-", "ü-1-2"])
    func `what cannot be a region never becomes part of a host`(name: String) {
        #expect(throws: ConfigurationError.self) { try Region(name) }
    }
}

struct CredentialsTests {
    private let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "s3cr3t", sessionToken: "t0k3n")

    @Test func `printing, reflecting and dumping show no secret`() {
        var dumped = ""
        dump(credentials, to: &dumped)

        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
            #expect(!text.contains("s3cr3t") && !text.contains("t0k3n"))
            #expect(text.contains("AKID"))
        }
    }

    @Test func `the environment's three variables make credentials`() async throws {
        let variables = [
            "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_SESSION_TOKEN": "t0k3n",
        ]

        #expect(try await EnvironmentCredentials { variables[$0] }.credentials() == credentials)
    }

    @Test func `an empty token counts as none`() async throws {
        let variables = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": ""]

        #expect(try await EnvironmentCredentials { variables[$0] }.credentials().sessionToken == nil)
    }

    @Test(arguments: [
        ("", "", "AWS_ACCESS_KEY_ID"), ("AKID", "", "AWS_SECRET_ACCESS_KEY"), ("", "s3cr3t", "AWS_ACCESS_KEY_ID"),
    ])
    func `the error names the variable that is missing and no secret`(
        id: String, secret: String, missing: String
    ) async {
        let provider = EnvironmentCredentials { ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret][$0] }

        let error = await #expect(throws: ConfigurationError.self) { try await provider.credentials() }

        #expect(error?.setting == missing)
        #expect(error?.description.contains("export AWS_ACCESS_KEY_ID") == true)
        #expect(error?.description.contains("s3cr3t") == false)
    }
}

struct EndpointsTests {
    @Test(arguments: [
        ("us-east-1", "https://dynamodb.us-east-1.amazonaws.com"),
        ("us-gov-west-1", "https://dynamodb.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn"),
        ("eusc-de-east-1", "https://dynamodb.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", "https://dynamodb.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-west-1", "https://dynamodb.us-isob-west-1.sc2s.sgov.gov"),
        ("us-isof-south-1", "https://dynamodb.us-isof-south-1.csp.hci.ic.gov"),
        ("eu-isoe-west-1", "https://dynamodb.eu-isoe-west-1.cloud.adc-e.uk"),
    ])
    func `each partition has its domain`(region: String, url: String) throws {
        #expect("\(Endpoints().endpoint(for: .dynamoDB, in: try Region(region)))" == url)
    }

    @Test(arguments: [
        (Service.eventBridge, "events"), (.secretsManager, "secretsmanager"), (.sqs, "sqs"),
        (Service(rawValue: "states"), "states"),
    ])
    func `any service has an endpoint`(service: Service, prefix: String) {
        #expect(
            "\(Endpoints().endpoint(for: service, in: "us-east-1"))" == "https://\(prefix).us-east-1.amazonaws.com")
    }

    @Test(arguments: [
        (Service.eventBridge, "AWS_ENDPOINT_URL_EVENTBRIDGE"),
        (.secretsManager, "AWS_ENDPOINT_URL_SECRETS_MANAGER"), (.sts, "AWS_ENDPOINT_URL_STS"),
    ])
    func `an override is named after the service's id`(service: Service, variable: String) throws {
        let endpoints = try Endpoints { $0 == variable ? "http://127.0.0.1:1" : nil }

        #expect("\(endpoints.endpoint(for: service, in: "us-east-1"))" == "http://127.0.0.1:1")
    }

    @Test func `a service's override comes before the common one`() throws {
        let variables = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_KMS": "https://kms.test/base/",
            "AWS_ENDPOINT_URL_S3": "",
        ]

        let endpoints = try Endpoints { variables[$0] }

        #expect("\(endpoints.endpoint(for: .kms, in: "us-east-1"))" == "https://kms.test/base")
        #expect("\(endpoints.endpoint(for: .dynamoDB, in: "us-east-1"))" == "http://127.0.0.1:1")
        #expect(try endpoints.bucketURL("bucket", in: "us-east-1") == "http://127.0.0.1:1/bucket")
    }

    @Test func `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ignores overrides, malformed ones too`() throws {
        let variables = ["AWS_ENDPOINT_URL": "nonsense", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"]

        #expect(try Endpoints { variables[$0] } == Endpoints())
    }

    @Test(arguments: [
        "127.0.0.1:4566", "ftp://host", "http://", "http://host:port", "http://host:70000", "http://:80",
        "http://user@host", "http://host?x=1", "http://host/#f", "http://a b", "http://hö",
    ])
    func `a malformed override is refused with its variable's name`(url: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Endpoints { $0 == "AWS_ENDPOINT_URL_S3" ? url : nil }
        }

        #expect(error?.setting == "AWS_ENDPOINT_URL_S3")
        #expect(error?.description.contains("such as http://127.0.0.1:4566") == true)
    }

    @Test(arguments: ["http://[::1]:4566", "http://localhost", "https://host:8443/base"])
    func `an override keeps host, port and path`(url: String) throws {
        #expect("\(try Endpoint(parsing: url, from: "X"))" == url)
    }

    @Test(arguments: [
        ("documents", "https://documents.s3.eu-west-1.amazonaws.com"),
        ("my.documents", "https://s3.eu-west-1.amazonaws.com/my.documents"),
    ])
    func `a bucket is virtual-hosted unless its name has dots`(bucket: String, url: String) throws {
        #expect(try Endpoints().bucketURL(bucket, in: "eu-west-1") == url)
    }

    @Test(arguments: ["", "ab", "a/b", "evil.example/x", "arn:aws:s3:::b", "b--x-s3", "a b c", "bücket", "..."])
    func `what is no bucket's name is refused`(bucket: String) {
        #expect(throws: ConfigurationError.self) { try Endpoints().bucketURL(bucket, in: "us-east-1") }
    }

    @Test(arguments: ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
    func `what is not supported is refused by name`(variable: String) {
        let error = #expect(throws: ConfigurationError.self) { try Endpoints { $0 == variable ? "true" : nil } }

        #expect(error?.setting == variable)
    }
}
