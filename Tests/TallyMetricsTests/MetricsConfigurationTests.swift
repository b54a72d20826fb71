import TallyMetrics
import Testing

@Suite struct MetricsConfigurationTests {
    private func read(_ environment: [String: String]) throws -> MetricsConfiguration {
        try MetricsConfiguration { environment[$0] }
    }

    @Test func `a function's name is enough`() throws {
        let configuration = try read(["AWS_LAMBDA_FUNCTION_NAME": "orders", "AWS_LAMBDA_FUNCTION_VERSION": "7"])

        #expect(configuration.namespace == "Tally")
        #expect(configuration.service == "orders")
        #expect(configuration.level == .summary)
        #expect(configuration.logFormat == .text)
        #expect(configuration.logLevel == .info)
        #expect(configuration.functionName == "orders")
        #expect(configuration.functionVersion == "7")
    }

    @Test func `Tally's own variables come before those of Powertools`() throws {
        var environment = [
            "TALLY_NAMESPACE": "A", "POWERTOOLS_METRICS_NAMESPACE": "B", "TALLY_SERVICE": "a",
            "POWERTOOLS_SERVICE_NAME": "b", "AWS_LAMBDA_FUNCTION_NAME": "c",
        ]
        #expect(try read(environment).namespace == "A")
        #expect(try read(environment).service == "a")

        environment["TALLY_NAMESPACE"] = nil
        environment["TALLY_SERVICE"] = nil
        #expect(try read(environment).namespace == "B")
        #expect(try read(environment).service == "b")
    }

    @Test func `an empty variable counts as an absent one`() throws {
        let names = [
            "TALLY_NAMESPACE", "POWERTOOLS_METRICS_NAMESPACE", "TALLY_SERVICE", "POWERTOOLS_SERVICE_NAME",
            "TALLY_METRICS_LEVEL", "AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL", "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_REGION", "AWS_DEFAULT_REGION",
        ]
        var environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        environment["AWS_LAMBDA_FUNCTION_NAME"] = "orders"

        let empty = try read(environment)
        let absent = try read(["AWS_LAMBDA_FUNCTION_NAME": "orders"])
        #expect("\(empty)" == "\(absent)")
    }

    @Test(arguments: [
        ("none", MetricsLevel.none), ("summary", .summary), ("detailed", .detailed), ("Detailed", .detailed),
    ])
    func `each level has its name`(value: String, level: MetricsLevel) throws {
        #expect(try read(["TALLY_SERVICE": "a", "TALLY_METRICS_LEVEL": value]).level == level)
    }

    @Test(arguments: [
        ("Text", "TRACE", LogFormat.text, LogLevel.trace), ("JSON", "warn", .json, .warning),
        ("json", "FATAL", .json, .fatal),
    ])
    func `log controls are those of Lambda`(
        format: String, level: String, logFormat: LogFormat, logLevel: LogLevel
    ) throws {
        let configuration = try read([
            "TALLY_SERVICE": "a", "AWS_LAMBDA_LOG_FORMAT": format, "AWS_LAMBDA_LOG_LEVEL": level,
        ])

        #expect(configuration.logFormat == logFormat)
        #expect(configuration.logLevel == logLevel)
    }

    @Test(arguments: [("", 100), ("0", nil), ("1", 1), ("2500", 2_500)] as [(String, Int?)])
    func `slow calls begin at 100 ms, or where the variable says, and 0 is off`(
        value: String, milliseconds: Int?
    ) throws {
        let threshold = try read(["TALLY_SERVICE": "a", "TALLY_SLOW_CALL_MS": value]).slowCallThreshold

        #expect(try read(["TALLY_SERVICE": "a"]).slowCallThreshold == .milliseconds(100))
        #expect(threshold == milliseconds.map { .milliseconds($0) })
    }

    @Test(arguments: ["-1", "1.5", "100ms", "99999999999999999999", "3600001"])
    func `a threshold that is none is refused by its variable's name`(value: String) throws {
        let error = #expect(throws: MetricsConfigurationError.self) {
            try read(["TALLY_SERVICE": "a", "TALLY_SLOW_CALL_MS": value])
        }
        #expect(error?.variable == "TALLY_SLOW_CALL_MS")
        #expect(error?.message.contains("\"\(value)\" is no number of milliseconds") == true)
    }

    @Test(arguments: [
        (
            "TALLY_METRICS_LEVEL", "loud",
            #"TALLY_METRICS_LEVEL: "loud" is none of its values. Use one of none, summary, detailed."#
        ),
        (
            "AWS_LAMBDA_LOG_LEVEL", "LOUD",
            #"AWS_LAMBDA_LOG_LEVEL: "LOUD" is none of its values. Use one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL."#
        ),
        (
            "AWS_LAMBDA_LOG_FORMAT", "xml",
            #"AWS_LAMBDA_LOG_FORMAT: "xml" is none of its values. Use one of Text, JSON."#
        ),
        (
            "TALLY_NAMESPACE", "AWS/Lambda",
            #"TALLY_NAMESPACE: "AWS/Lambda" is not a CloudWatch namespace. "#
                + "Use 1 to 255 letters, digits and . - _ / # :, not beginning with ':' or 'AWS/'."
        ),
        (
            "TALLY_SERVICE", "a\u{7}",
            #"TALLY_SERVICE: the value "a\u{07}" (2 bytes) cannot be a dimension's. "#
                + "Use 1 to 1024 printable ASCII characters, not all blank."
        ),
    ])
    func `a bad value is an error that says what to do`(variable: String, value: String, message: String) {
        let error = #expect(throws: MetricsConfigurationError.self) {
            try read(["AWS_LAMBDA_FUNCTION_NAME": "orders", variable: value])
        }
        #expect(error?.description == message)
    }

    @Test(arguments: ["bad ns", "ü", ":a", "AWS/", "a\n", String(repeating: "n", count: 256)])
    func `a namespace that CloudWatch would drop is refused`(value: String) {
        for variable in ["TALLY_NAMESPACE", "POWERTOOLS_METRICS_NAMESPACE"] {
            let error = #expect(throws: MetricsConfigurationError.self) {
                try read(["TALLY_SERVICE": "orders", variable: value])
            }
            #expect(error?.variable == variable)
        }
    }

    @Test(arguments: [" ", "ü", "a\tb", String(repeating: "s", count: 1025)])
    func `a service that cannot be a dimension is refused`(value: String) {
        for variable in ["TALLY_SERVICE", "POWERTOOLS_SERVICE_NAME", "AWS_LAMBDA_FUNCTION_NAME"] {
            let error = #expect(throws: MetricsConfigurationError.self) { try read([variable: value]) }
            #expect(error?.variable == variable)
        }
    }

    @Test func `without any name for the service the error says what to set`() {
        let error = #expect(throws: MetricsConfigurationError.self) { try read([:]) }

        #expect(error?.variable == "TALLY_SERVICE")
    }

    @Test func `the longest names that CloudWatch takes are taken`() throws {
        let namespace = String(repeating: "n", count: 255)
        let service = String(repeating: "s", count: 1024)

        let configuration = try read(["TALLY_NAMESPACE": namespace, "TALLY_SERVICE": service])

        #expect(configuration.namespace == namespace)
        #expect(configuration.service == service)
    }

    @Test func `calls are priced as in the function's region`() throws {
        var environment = ["TALLY_SERVICE": "a", "AWS_DEFAULT_REGION": "eu-west-1"]
        #expect(try read(environment).prices == PriceBook(region: "eu-west-1"))

        environment["AWS_REGION"] = "ap-northeast-1"
        #expect(try read(environment).prices == PriceBook(region: "ap-northeast-1"))

        environment["AWS_REGION"] = "eu-south-2"
        #expect(try read(environment).prices.substituteFor == "eu-south-2")
        #expect(try read(["TALLY_SERVICE": "a"]).prices == .usEast1)
    }

    // MARK: - Dimensions and extraction

    @Test func `dimensions are names and values in their order, extraction is on`() throws {
        let configuration = try read(["TALLY_SERVICE": "a", "TALLY_DIMENSIONS": "stage=prod,team=a=b"])

        #expect(configuration.dimensions.map(\.name) == ["stage", "team"])
        #expect(configuration.dimensions.map(\.value) == ["prod", "a=b"])
        #expect(configuration.extraction == .on)
        #expect(try read(["TALLY_SERVICE": "a", "TALLY_METRICS_EXTRACTION": "OFF"]).extraction == .off)
    }

    @Test(arguments: [
        "stage", "stage=", "=prod", "stage=prod,", ",", "service=a", "KMSCalls=a", "stage=a,stage=b", "stage=ü", ":a=b",
        (0..<30).map { "d\($0)=x" }.joined(separator: ","),
    ])
    func `dimensions that CloudWatch would drop are refused`(value: String) {
        #expect(throws: MetricsConfigurationError.self) {
            try read(["TALLY_SERVICE": "a", "TALLY_DIMENSIONS": value])
        }
    }

    @Test func `refused dimensions leave those from before`() throws {
        var configuration = try read(["TALLY_SERVICE": "a"])
        try configuration.setDimensions(["stage": "prod"])

        do throws(MetricsConfigurationError) {
            try configuration.setDimensions(["stage": "prod", "outcome": "x"])
            Issue.record("taken")
        } catch {
            #expect(
                error.description == #"TALLY_DIMENSIONS: "outcome": the line has a member of this name already. "#
                    + "Choose another name.")
        }
        #expect(configuration.dimensions.map(\.name) == ["stage"])
    }
}
