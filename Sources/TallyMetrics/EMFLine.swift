import TallyWire

/// Makes the one line per invocation that CloudWatch turns into metrics (Embedded Metric Format).
///
///     if let line = EMFLine(configuration) {
///         LineOutput.standardOutput.write(line.bytes(for: report))
///     }
///
/// The metrics are those of ``MetricName`` with the dimension `service`, and what the handler added
/// (``InvocationMetrics``). What identifies the invocation, and each operation's share (`dynamodb`, `kms`, `s3`), are
/// properties, to be queried in Logs Insights; none of them becomes a metric.
///
/// Exactly one line has Tally's metrics. What the handler added goes onto it as far as there is room – 100 metrics, 100
/// values of each, 256 KiB – and onto further lines, which repeat service and request and have the property `part`; so
/// do metrics with dimensions or a namespace of their own. Each value is on one line.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
public struct EMFLine: Sendable {
    /// What one directive says but for the metrics: where they belong.
    struct Directive {
        let namespace: String
        /// The sets of dimensions, as JSON.
        let dimensionSets: [UInt8]
    }

    let configuration: MetricsConfiguration
    /// The directive of Tally's own metrics.
    let directive: Directive
    /// The members that hold the values of the function's dimensions, `service` among them.
    private let dimensions: ArraySlice<UInt8>
    /// The members that name the function.
    private let function: ArraySlice<UInt8>
    /// The definitions on the line of a warm invocation, the usual one, made once; they are half of the line.
    private let usualDefinitions: [UInt8]
    private static let usualPresence = EMFCatalogue.metrics.map {
        $0.name != .initDuration && $0.name != .timeoutImminent
    }

    /// Prepares for the lines of a function; `nil` at level `none`, where there are no lines.
    ///
    /// - Parameter configuration: What is the same on every line.
    public init?(_ configuration: MetricsConfiguration) {
        guard configuration.level != .none else { return nil }
        self.configuration = configuration
        // Added, in place of replaced: dashboards and alarms on `service` alone see the same as without.
        let sets = [[]] + (configuration.dimensions.isEmpty ? [] : [configuration.dimensions])
        directive = Directive(namespace: configuration.namespace, dimensionSets: Self.dimensionSets(sets))
        usualDefinitions = Self.definitions(Self.usualPresence)
        dimensions = Self.members { json in
            json.member("service", configuration.service)
            for dimension in configuration.dimensions { json.member(dimension.name, dimension.value) }
        }
        function = Self.members { json in
            json.member("functionName", configuration.functionName)
            json.member("functionVersion", configuration.functionVersion)
        }
    }

    /// The line of one invocation, and the further ones that what its handler added may need.
    ///
    /// - Parameter report: What happened.
    /// - Returns: One JSON object on one line, ended by one line feed; several of them where one is not enough.
    public func bytes(for report: InvocationReport) -> [UInt8] {
        let figures = EMFCatalogue.Figures(report)
        let values = EMFCatalogue.metrics.map { $0.value(figures) }
        let details = EMFDetails.documents(of: report, configuration)
        if report.userMetrics != nil || !details.isEmpty {
            let userMetrics = report.userMetrics ?? UserMetrics(dimensions: configuration.dimensions)
            return EMFParts(self, report, values: values, userMetrics, details).lines()
        }

        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        if configuration.extraction == .on {
            json.key(.metadata)
            beginMetadata(at: report.timestamp, to: &json)
            let isUsual = zip(values, Self.usualPresence).allSatisfy { ($0 != nil) == $1 }
            write(directive, isUsual ? usualDefinitions : Self.definitions(values.map { $0 != nil }), to: &json)
            endMetadata(to: &json)
        }
        writeMembers(of: report, values: values, to: &json)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// All members but `_aws`.
    func writeMembers(
        of report: InvocationReport, values: [EMFCatalogue.Value?], to json: inout JSONWriter
    ) {
        writeIdentity(of: report, to: &json)
        writeProperties(of: report, to: &json)
        writeOperations(
            report.metrics.operations, report.details, beside: report.userMetrics?.main, to: &json)
        for (metric, value) in zip(EMFCatalogue.metrics, values) {
            guard let value else { continue }
            json.key(metric.key)
            value.write(to: &json)
        }
    }

    // MARK: - Metadata

    func beginMetadata(at timestamp: Timestamp, to json: inout JSONWriter) {
        json.beginObject()
        json.key(.metadataTimestamp)
        json.integer(timestamp.milliseconds)
        json.key(.directives)
        json.beginArray()
    }

    func endMetadata(to json: inout JSONWriter) {
        json.endArray()
        json.endObject()
    }

    func write(_ directive: Directive, _ definitions: [UInt8], to json: inout JSONWriter) {
        json.beginObject()
        json.key(.namespace)
        json.string(directive.namespace)
        json.key(.dimensions)
        json.raw(directive.dimensionSets)
        json.key(.definitions)
        json.raw(definitions)
        json.endObject()
    }

    /// Sets of dimensions as JSON, `service` in each.
    static func dimensionSets(_ sets: [[MetricDimension]]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for set in sets {
            json.beginArray()
            json.string("service")
            for dimension in set { json.string(dimension.name) }
            json.endArray()
        }
        json.endArray()
        return json.bytes
    }

    /// Members of an object, to be written again and again.
    private static func members(_ write: (inout JSONWriter) -> Void) -> ArraySlice<UInt8> {
        var json = JSONWriter()
        json.beginObject()
        write(&json)
        return json.bytes.dropFirst()
    }

    /// The array of definitions, of those metrics that a line has.
    private static func definitions(_ presence: [Bool]) -> [UInt8] {
        var json = JSONWriter(capacity: 2048)
        json.beginArray()
        for (metric, isPresent) in zip(EMFCatalogue.metrics, presence) where isPresent {
            json.raw(metric.definition)
        }
        json.endArray()
        return json.bytes
    }

    // MARK: - Properties

    /// What says whose line it is, the same on all lines of an invocation.
    func writeIdentity(of report: InvocationReport, to json: inout JSONWriter) {
        json.raw(dimensions)
        // Lambda filters the lines of a function whose log format is JSON by their level, and takes a line without one
        // for INFO: at WARN the metrics would be gone.
        if configuration.logFormat == .json {
            json.member(.level, configuration.logLevel.rawValue)
            json.member(.timestamp, report.timestamp.iso8601)
        }
        if !function.isEmpty { json.raw(function) }
        json.member(.requestID, report.invocation.requestID)
        json.member(.traceID, report.invocation.traceID)
        json.member(.tenantID, report.invocation.tenantID)
    }

    private func writeProperties(of report: InvocationReport, to json: inout JSONWriter) {
        json.member(.outcome, report.outcome.rawValue)
        // A type's name may hold those of many generic arguments; a line that is too long is lost whole.
        json.member(.errorType, report.errorType.map { String($0.prefix(1024)) })
        json.member(.lateCalls, nonZero: report.lateCalls)
        json.member(.traceDrops, nonZero: report.traceDrops)
        json.member(.lateMetrics, nonZero: report.lateMetrics)
        json.member(.rejectedMetrics, nonZero: report.userMetrics?.rejectedCount ?? 0)
        json.member(.slowCalls, nonZero: report.slowCalls)
        if !report.details.isEmpty { json.members(of: report.details) }

        guard let initMetrics = report.initMetrics, !initMetrics.operations.isEmpty else { return }
        json.member(.initDynamoDBOperations, initMetrics.operationCount)
        json.member(.initKMSCalls, initMetrics.kmsCalls)
        json.member(.initS3Calls, initMetrics.s3Calls)
        json.key(.initAWSWaitTime)
        json.milliseconds(initMetrics.awsWaitTime)
    }

    /// One array per service; the rows come in the order of their services.
    private func writeOperations(
        _ rows: [OperationTotals], _ details: CallDetails, beside document: MetricDocument?,
        to json: inout JSONWriter
    ) {
        var service: Service?
        for row in rows {
            if row.key.service != service {
                if service != nil { json.endArray() }
                service = row.key.service
                writeKey(of: row.key.service, beside: document, to: &json)
                json.beginArray()
            }
            writeOperation(row, details.shares[row.key] ?? [], to: &json)
        }
        if service != nil { json.endArray() }
    }

    private func writeKey(of service: Service, beside document: MetricDocument?, to json: inout JSONWriter) {
        switch service {
        case .dynamoDB: return json.key(.dynamoDB)
        case .kms: return json.key(.kms)
        case .s3: return json.key(.s3)
        default: break
        }
        // Any other service may be called as something else is that the line has.
        var name = service.rawValue.lowercased()
        while MetricRules.reservedNames.contains(name) || document?.hasMember(name) == true
            || configuration.dimensions.contains(where: { $0.name == name })
        {
            name = "calls_\(name)"
        }
        json.key(name)
    }

    private func writeOperation(_ row: OperationTotals, _ shares: [CapacityShare], to json: inout JSONWriter) {
        let totals = row.totals
        json.beginObject()
        json.member(.operation, row.key.operation)
        json.member(row.key.resourceMember, row.key.resource)
        json.member(.index, row.key.index)
        json.member(.calls, totals.calls)
        json.key(.milliseconds)
        json.milliseconds(totals.duration)
        json.member(.readUnits, totals.readUnits)
        json.member(.writeUnits, totals.writeUnits)
        json.members(of: shares, beside: row.key)
        json.member(.items, totals.itemCount)
        json.member(.scanned, totals.scannedCount)
        json.member(.uploaded, nonZero: totals.bytesUploaded)
        json.member(.downloaded, nonZero: totals.bytesDownloaded)
        json.member(.resent, nonZero: totals.bytesResent)
        json.member(.retries, nonZero: totals.retries)
        json.member(.throttles, nonZero: totals.throttles)
        json.member(.errors, nonZero: totals.errors)
        json.member(.conditionalFailures, nonZero: totals.conditionalFailures)
        json.endObject()
    }
}

extension OperationKey {
    fileprivate var resourceMember: JSONKey {
        switch service {
        case .dynamoDB: .table
        case .s3: .bucket
        case .kms: .keyName
        default: .resource
        }
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }

    mutating func member(_ key: JSONKey, _ value: String?) {
        guard let value else { return }
        self.key(key)
        string(value)
    }

    fileprivate mutating func member(_ key: JSONKey, _ value: Double?) {
        guard let value else { return }
        self.key(key)
        number(value)
    }

    mutating func member(_ key: JSONKey, _ value: Int?) {
        guard let value else { return }
        self.key(key)
        integer(value)
    }

    fileprivate mutating func member(_ key: JSONKey, nonZero value: Int) {
        member(key, value == 0 ? nil : value)
    }
}
