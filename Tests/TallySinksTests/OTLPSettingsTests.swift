import TallyHTTP
import TallyMetrics
import Testing

@testable import TallySinks

@Suite struct OTLPSettingsTests {
    private func settings(_ variables: [String: String]) throws -> OTLPSettings {
        try OTLPSettings { variables[$0] }
    }

    @Test(arguments: [
        ([:], "http://localhost:4318/v1/metrics"),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel:4318"], "https://otel:4318/v1/metrics"),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel/base/"], "https://otel/base/v1/metrics"),
        (
            ["OTEL_EXPORTER_OTLP_ENDPOINT": "https://a", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "https://b/own"],
            "https://b/own"
        ),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": ""], "http://localhost:4318/v1/metrics"),
    ])
    func `the endpoint is that of metrics, or the common one and a path`(
        variables: [String: String], url: String
    ) throws {
        #expect(try settings(variables).url == url)
    }

    @Test func `headers are names and percent-encoded values`() throws {
        let headers = try settings(["OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b, x=1=2"]).headers

        #expect(headers["api-key"] == "a b")
        #expect(headers["x"] == "1=2")
    }

    @Test func `the resource says whose metrics they are`() throws {
        let resource = try settings([
            "AWS_LAMBDA_FUNCTION_NAME": "orders", "AWS_LAMBDA_FUNCTION_VERSION": "7", "AWS_REGION": "eu-west-1",
            "TALLY_SERVICE": "shop",
        ]).resource

        #expect(resource.map(\.name) == ["service.name", "faas.name", "faas.version", "cloud.region"])
        #expect(resource.map(\.value) == ["shop", "orders", "7", "eu-west-1"])
    }

    @Test(arguments: [
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "otel:4318"], ["OTEL_EXPORTER_OTLP_HEADERS": "secret-without-name"],
    ])
    func `a value that cannot be used is an error that keeps secrets to itself`(variables: [String: String]) {
        let error = #expect(throws: MetricsConfigurationError.self) { try settings(variables) }

        #expect(error?.variable == variables.keys.first)
        #expect(error?.message.contains("secret-without-name") == false)
    }
}
