/// What a function's lines are made with: names, level and log controls.
///
/// | figure | variables, the first that is not empty counts |
/// |---|---|
/// | ``namespace`` | `TALLY_NAMESPACE`, `POWERTOOLS_METRICS_NAMESPACE`, else `Tally` |
/// | ``service`` | `TALLY_SERVICE`, `POWERTOOLS_SERVICE_NAME`, `AWS_LAMBDA_FUNCTION_NAME` |
/// | ``level`` | `TALLY_METRICS_LEVEL`: `none`, `summary` (default), `detailed` |
/// | ``extraction`` | `TALLY_METRICS_EXTRACTION`: `on` (default), `off` |
/// | ``slowCallThreshold`` | `TALLY_SLOW_CALL_MS`: milliseconds, 100 by default; 0 for none |
/// | ``dimensions`` | `TALLY_DIMENSIONS`: names and values such as `stage=prod,team=blue`; none by default |
/// | ``logFormat`` | `AWS_LAMBDA_LOG_FORMAT`: `Text` (default), `JSON` |
/// | ``logLevel`` | `AWS_LAMBDA_LOG_LEVEL`: `TRACE`, `DEBUG`, `INFO` (default), `WARN`, `ERROR`, `FATAL` |
/// | ``prices`` | `AWS_REGION`, `AWS_DEFAULT_REGION`: the public prices of that region, else those of us-east-1 |
public struct MetricsConfiguration: Sendable {
    /// The CloudWatch namespace of the metrics.
    public let namespace: String
    /// The value of the dimension `service`.
    public let service: String
    /// How much is measured.
    public var level: MetricsLevel
    /// Whether CloudWatch makes metrics of the lines.
    public var extraction = MetricsExtraction.on
    /// Calls and operations of models that take as long are told in the log; `nil` for none.
    public var slowCallThreshold: Duration? = .milliseconds(100)
    /// Dimensions of all metrics beside `service`, see ``setDimensions(_:)``.
    public private(set) var dimensions: [MetricDimension] = []
    /// How Lambda treats the lines.
    public var logFormat: LogFormat
    /// The least level that is logged.
    public var logLevel: LogLevel
    /// Where the lines of ``Logger`` go; to standard output as JSON when `nil`.
    public var logHandler: (any LogHandler)?
    /// Which named values the log does not show.
    public var redaction = LogRedaction.standard
    /// The function's name, `nil` outside Lambda.
    public var functionName: String?
    /// The function's version, `nil` outside Lambda.
    public var functionVersion: String?
    /// What calls are priced with.
    public var prices: PriceBook
    /// Where the figures of each invocation go beside its line, see ``MetricSink``; nowhere by default.
    ///
    /// Opened in init; handed what was observed after the response of each invocation is posted, before the next event
    /// is asked for; closed when the process is told to end.
    public var sinks: [any MetricSink] = []

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
        slowCallThreshold = try Self.slowCallThreshold(in: environment)
        extraction = try Self.choice("TALLY_METRICS_EXTRACTION", in: environment) ?? .on
        logFormat = try Self.choice("AWS_LAMBDA_LOG_FORMAT", in: environment) ?? .text
        logLevel = try Self.choice("AWS_LAMBDA_LOG_LEVEL", in: environment) ?? .info
        functionName = Self.first(["AWS_LAMBDA_FUNCTION_NAME"], in: environment)?.value
        functionVersion = Self.first(["AWS_LAMBDA_FUNCTION_VERSION"], in: environment)?.value
        let region = Self.first(["AWS_REGION", "AWS_DEFAULT_REGION"], in: environment)?.value
        prices = region.map { PriceBook(region: $0) } ?? .usEast1
        if let (_, value) = Self.first(["TALLY_DIMENSIONS"], in: environment) {
            try setDimensions(Self.dimensions(in: value))
        }
    }

    /// Chooses dimensions of all metrics beside `service`.
    ///
    /// Every metric is published twice then, under `service` alone as before, and under `service` and these: twice the
    /// number of metrics to pay for, and once more for each further combination of values.
    ///
    /// - Parameter dimensions: Names of 1 to 250 and values of 1 to 1024 printable ASCII characters; at most 29, none
    ///   twice, none that is a member of the line already.
    /// - Throws: ``MetricsConfigurationError`` when CloudWatch would not take them; the earlier ones stay then.
    public mutating func setDimensions(_ dimensions: KeyValuePairs<String, String>) throws(MetricsConfigurationError) {
        try setDimensions(dimensions.map(MetricDimension.init))
    }

    private mutating func setDimensions(_ dimensions: [MetricDimension]) throws(MetricsConfigurationError) {
        if let taken = dimensions.first(where: { MetricRules.detailNames.contains($0.name) }) {
            throw MetricsConfigurationError(
                variable: "TALLY_DIMENSIONS",
                message:
                    "\(quoted(taken.name)): detailed lines have a member of this name already. Choose another name.")
        }
        var document = MetricDocument()
        do throws(MetricRefusal) {
            try document.add(dimensions)
        } catch {
            throw MetricsConfigurationError(
                variable: "TALLY_DIMENSIONS", message: "\(quoted(error.name)): \(error.reason).")
        }
        self.dimensions = dimensions
    }

    private static func dimensions(in text: String) throws(MetricsConfigurationError) -> [MetricDimension] {
        var dimensions: [MetricDimension] = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let sign = pair.firstIndex(of: "=") else {
                throw MetricsConfigurationError(
                    variable: "TALLY_DIMENSIONS",
                    message: "\(quoted(String(pair))) is no name and value. "
                        + "Write them as stage=prod,team=blue, without commas in them.")
            }
            dimensions.append(
                MetricDimension(name: String(pair[..<sign]), value: String(pair[pair.index(after: sign)...])))
        }
        return dimensions
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

    private static func slowCallThreshold(
        in environment: (String) -> String?
    ) throws(MetricsConfigurationError) -> Duration? {
        let name = "TALLY_SLOW_CALL_MS"
        guard let (_, value) = first([name], in: environment) else { return .milliseconds(100) }
        // An hour is beyond any invocation.
        guard let milliseconds = Int(value), (0...3_600_000).contains(milliseconds) else {
            throw MetricsConfigurationError(
                variable: name,
                message: "\(quoted(value)) is no number of milliseconds. "
                    + "Use a whole number from 0, which warns of nothing, to 3600000.")
        }
        return milliseconds == 0 ? nil : .milliseconds(milliseconds)
    }

    // MARK: - Checking

    private static func checkNamespace(_ value: String, from variable: String) throws(MetricsConfigurationError) {
        guard let fault = MetricRules.fault(inNamespace: value) else { return }
        throw MetricsConfigurationError(variable: variable, message: fault)
    }

    private static func checkService(_ value: String, from variable: String) throws(MetricsConfigurationError) {
        guard let fault = MetricRules.fault(inDimensionValue: value) else { return }
        throw MetricsConfigurationError(variable: variable, message: "\(fault).")
    }
}
