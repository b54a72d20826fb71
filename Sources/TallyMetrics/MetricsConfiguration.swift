/// What a function's lines are made with: names, level and log controls.
///
/// | figure | variables, the first that is not empty counts |
/// |---|---|
/// | ``namespace`` | `TALLY_NAMESPACE`, `POWERTOOLS_METRICS_NAMESPACE`, else `Tally` |
/// | ``service`` | `TALLY_SERVICE`, `POWERTOOLS_SERVICE_NAME`, `AWS_LAMBDA_FUNCTION_NAME` |
/// | ``level`` | `TALLY_METRICS_LEVEL`: `none`, `summary` (default), `detailed` |
/// | ``logFormat`` | `AWS_LAMBDA_LOG_FORMAT`: `Text` (default), `JSON` |
/// | ``logLevel`` | `AWS_LAMBDA_LOG_LEVEL`: `TRACE`, `DEBUG`, `INFO` (default), `WARN`, `ERROR`, `FATAL` |
/// | ``prices`` | `AWS_REGION`, `AWS_DEFAULT_REGION`: the public prices of that region, else those of us-east-1 |
public struct MetricsConfiguration: Sendable, Hashable {
    /// The CloudWatch namespace of the metrics.
    public let namespace: String
    /// The value of the dimension `service`.
    public let service: String
    /// How much is measured.
    public var level: MetricsLevel
    /// How Lambda treats the lines.
    public var logFormat: LogFormat
    /// The least level that is logged.
    public var logLevel: LogLevel
    /// The function's name, `nil` outside Lambda.
    public var functionName: String?
    /// The function's version, `nil` outside Lambda.
    public var functionVersion: String?
    /// What calls are priced with.
    public var prices: PriceBook

    /// Reads the configuration from an environment.
    ///
    /// - Parameter environment: Looks a variable up; an empty value counts as an absent one.
    /// - Throws: ``MetricsConfigurationError`` for the first variable whose value cannot be used.
    public init(environment: (String) -> String?) throws(MetricsConfigurationError) {
        if let (variable, value) = Self.first(["TALLY_NAMESPACE", "POWERTOOLS_METRICS_NAMESPACE"], in: environment) {
            try Self.checkNamespace(value, from: variable)
            namespace = value
        } else {
            namespace = "Tally"
        }

        let serviceNames = ["TALLY_SERVICE", "POWERTOOLS_SERVICE_NAME", "AWS_LAMBDA_FUNCTION_NAME"]
        guard let (variable, value) = Self.first(serviceNames, in: environment) else {
            throw MetricsConfigurationError(
                variable: "TALLY_SERVICE",
                message: "not set, and there is no function name to take its place. "
                    + "Set it to the name under which the metrics are to be found.")
        }
        try Self.checkService(value, from: variable)
        service = value

        level = try Self.choice("TALLY_METRICS_LEVEL", in: environment) ?? .summary
        logFormat = try Self.choice("AWS_LAMBDA_LOG_FORMAT", in: environment) ?? .text
        logLevel = try Self.choice("AWS_LAMBDA_LOG_LEVEL", in: environment) ?? .info
        functionName = Self.first(["AWS_LAMBDA_FUNCTION_NAME"], in: environment)?.value
        functionVersion = Self.first(["AWS_LAMBDA_FUNCTION_VERSION"], in: environment)?.value
        let region = Self.first(["AWS_REGION", "AWS_DEFAULT_REGION"], in: environment)?.value
        prices = region.map { PriceBook(region: $0) } ?? .usEast1
    }

    // MARK: - Looking up

    /// The first of `names` that is set; an empty variable is an absent one.
    private static func first(
        _ names: [String], in environment: (String) -> String?
    ) -> (variable: String, value: String)? {
        for name in names {
            if let value = environment(name), !value.isEmpty { return (name, value) }
        }
        return nil
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, in environment: (String) -> String?
    ) throws(MetricsConfigurationError) -> Choice? {
        guard let (_, value) = first([name], in: environment) else { return nil }
        for choice in Choice.allCases where choice.rawValue.lowercased() == value.lowercased() {
            return choice
        }
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw MetricsConfigurationError(
            variable: name, message: "\(quoted(value)) is none of its values. Use one of \(choices).")
    }

    // MARK: - Checking

    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: 1 to 255 characters, not
    // beginning with a colon; `AWS/` is for AWS. CloudWatch drops the metrics of any other namespace without a word.
    private static func checkNamespace(_ value: String, from variable: String) throws(MetricsConfigurationError) {
        let isAllowed = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: ".-_/#:".utf8.contains(byte)
            }
        }
        guard isAllowed, value.utf8.count <= 255, !value.hasPrefix(":"), !value.hasPrefix("AWS/") else {
            throw MetricsConfigurationError(
                variable: variable,
                message: "\(quoted(value)) is not a CloudWatch namespace. "
                    + "Use 1 to 255 letters, digits and . - _ / # :, not beginning with ':' or 'AWS/'.")
        }
    }

    // Of a dimension whose value breaks these rules CloudWatch drops all dimensions, and so publishes another metric.
    private static func checkService(_ value: String, from variable: String) throws(MetricsConfigurationError) {
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), value.contains(where: { $0 != " " }) else {
            throw MetricsConfigurationError(
                variable: variable,
                message: "\(quoted(value)) cannot be a dimension's value. "
                    + "Use printable ASCII characters, not all of them blank.")
        }
        guard value.utf8.count <= 1024 else {
            throw MetricsConfigurationError(
                variable: variable,
                message: "has \(value.utf8.count) characters, a dimension's value at most 1024. Use a shorter name.")
        }
    }

    /// `value` as it may stand in a message: short and on one line.
    private static func quoted(_ value: String) -> String {
        let head = value.prefix(80)
        return head.debugDescription + (head.endIndex == value.endIndex ? "" : "…")
    }
}
