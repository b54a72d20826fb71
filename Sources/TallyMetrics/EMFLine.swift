import TallyWire

/// Makes the one line per invocation that CloudWatch turns into metrics (Embedded Metric Format).
///
///     if let line = EMFLine(configuration) {
///         LineOutput.standardOutput.write(line.bytes(for: report))
///     }
///
/// The metrics are those of ``MetricName``, with the one dimension `service`. What identifies the invocation, and each
/// operation's share (`dynamodb`, `kms`, `s3`), are properties, to be queried in Logs Insights; none of them becomes a
/// metric.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
public struct EMFLine: Sendable {
    private let configuration: MetricsConfiguration
    /// The definitions on the line of a warm invocation, the usual one, made once; they are half of the line.
    private let usualDefinitions: [UInt8]
    private static let usualPresence = EMFCatalogue.metrics.map { $0.name != .initDuration }

    /// Prepares for the lines of a function; `nil` at level `none`, where there are no lines.
    ///
    /// - Parameter configuration: What is the same on every line.
    public init?(_ configuration: MetricsConfiguration) {
        guard configuration.level != .none else { return nil }
        self.configuration = configuration
        usualDefinitions = Self.definitions(Self.usualPresence)
    }

    /// The line of one invocation.
    ///
    /// - Parameter report: What happened.
    /// - Returns: One JSON object on one line, ended by one line feed.
    public func bytes(for report: InvocationReport) -> [UInt8] {
        let figures = EMFCatalogue.Figures(report)
        let values = EMFCatalogue.metrics.map { $0.value(figures) }

        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        writeDirective(of: values, timestamp: report.timestamp, to: &json)
        writeProperties(of: report, to: &json)
        writeOperations(report.metrics.operations, to: &json)
        for (metric, value) in zip(EMFCatalogue.metrics, values) {
            guard let value else { continue }
            json.key(metric.name.rawValue)
            value.write(to: &json)
        }
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func writeDirective(
        of values: [EMFCatalogue.Value?], timestamp: Timestamp, to json: inout JSONWriter
    ) {
        json.key("_aws")
        json.beginObject()
        json.key("Timestamp")
        json.integer(timestamp.milliseconds)
        json.key("CloudWatchMetrics")
        json.beginArray()
        json.beginObject()
        json.key("Namespace")
        json.string(configuration.namespace)
        json.key("Dimensions")
        json.raw(#"[["service"]]"#.utf8)
        json.key("Metrics")
        let presence = values.map { $0 != nil }
        json.raw(presence == Self.usualPresence ? usualDefinitions : Self.definitions(presence))
        json.endObject()
        json.endArray()
        json.endObject()
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

    private func writeProperties(of report: InvocationReport, to json: inout JSONWriter) {
        json.member("service", configuration.service)
        // Lambda filters the lines of a function whose log format is JSON by their level, and takes a line without one
        // for INFO: at WARN the metrics would be gone.
        if configuration.logFormat == .json {
            json.member("level", configuration.logLevel.rawValue)
            json.member("timestamp", report.timestamp.iso8601)
        }
        json.member("functionName", configuration.functionName)
        json.member("functionVersion", configuration.functionVersion)
        json.member("requestId", report.invocation.requestID)
        json.member("traceId", report.invocation.traceID)
        json.member("tenantId", report.invocation.tenantID)
        json.member("outcome", report.outcome.rawValue)
        // A type's name may hold those of many generic arguments; a line that is too long is lost whole.
        json.member("errorType", report.errorType.map { String($0.prefix(1024)) })
        json.member("lateCalls", nonZero: report.lateCalls)
        json.member("traceDrops", nonZero: report.traceDrops)

        guard let initMetrics = report.initMetrics, !initMetrics.operations.isEmpty else { return }
        json.member("initDynamoDBOperations", initMetrics.operationCount)
        json.member("initKMSCalls", initMetrics.kmsCalls)
        json.member("initS3Calls", initMetrics.s3Calls)
        json.key("initAWSWaitTime")
        json.milliseconds(initMetrics.awsWaitTime)
    }

    /// One array per service; the rows come in the order of their services.
    private func writeOperations(_ rows: [OperationTotals], to json: inout JSONWriter) {
        var service: Service?
        for row in rows {
            if row.key.service != service {
                if service != nil { json.endArray() }
                service = row.key.service
                json.key(row.key.service.rawValue.lowercased())
                json.beginArray()
            }
            writeOperation(row, to: &json)
        }
        if service != nil { json.endArray() }
    }

    private func writeOperation(_ row: OperationTotals, to json: inout JSONWriter) {
        let totals = row.totals
        json.beginObject()
        json.member("op", row.key.operation)
        json.member(row.key.resourceMember, row.key.resource)
        json.member("index", row.key.index)
        json.member("n", totals.calls)
        json.key("ms")
        json.milliseconds(totals.duration)
        json.member("rcu", totals.readUnits)
        json.member("wcu", totals.writeUnits)
        json.member("items", totals.itemCount)
        json.member("scanned", totals.scannedCount)
        json.member("up", nonZero: totals.bytesUploaded)
        json.member("down", nonZero: totals.bytesDownloaded)
        json.member("resent", nonZero: totals.bytesResent)
        json.member("retries", nonZero: totals.retries)
        json.member("throttles", nonZero: totals.throttles)
        json.member("errors", nonZero: totals.errors)
        json.member("conditional", nonZero: totals.conditionalFailures)
        json.endObject()
    }
}

extension OperationKey {
    fileprivate var resourceMember: String {
        switch service {
        case .dynamoDB: "table"
        case .s3: "bucket"
        case .kms: "key"
        default: "resource"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Double?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    fileprivate mutating func member(_ name: String, nonZero value: Int) {
        member(name, value == 0 ? nil : value)
    }
}
