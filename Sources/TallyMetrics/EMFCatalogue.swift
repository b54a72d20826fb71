import TallyWire

/// The metrics of the line, in its order: one table gives both the directive and the members that hold the values, so
/// that neither can name what the other lacks.
enum EMFCatalogue {
    /// What a metric's value is taken from; a service's sum is made once for all its metrics.
    struct Figures {
        let report: InvocationReport
        let dynamoDB: CallTotals
        let kms: CallTotals
        let s3: CallTotals

        init(_ report: InvocationReport) {
            self.report = report
            dynamoDB = report.metrics.dynamoDB
            kms = report.metrics.kms
            s3 = report.metrics.s3
        }

        /// `units`, or 0 where it is known that there were none: nothing was called, or the other kind was told.
        func known(_ units: Double?) -> Double? {
            let isTold = dynamoDB.calls == 0 || dynamoDB.readUnits != nil || dynamoDB.writeUnits != nil
            return units ?? (isTold ? 0 : nil)
        }
    }

    enum Value {
        case count(Int)
        case duration(Duration)
        case number(Double)

        func write(to json: inout JSONWriter) {
            switch self {
            case .count(let count): json.integer(count)
            case .duration(let duration): json.milliseconds(duration)
            case .number(let number): json.number(number)
            }
        }
    }

    /// A class, so that walking the table copies nothing.
    final class Metric: Sendable {
        let name: MetricName
        let key: JSONKey
        /// The metric's definition in the directive, as JSON.
        let definition: [UInt8]
        /// The value, `nil` when the line does not have this metric.
        let value: @Sendable (borrowing Figures) -> Value?

        init(_ name: MetricName, _ value: @escaping @Sendable (borrowing Figures) -> Value?) {
            var json = JSONWriter()
            json.metricDefinition(name.rawValue, name.unit)
            self.name = name
            self.key = JSONKey(name.rawValue)
            self.definition = json.bytes
            self.value = value
        }
    }

    static let metrics: [Metric] = [
        Metric(.handlerDuration) { .duration($0.report.handlerDuration) },
        Metric(.handlerErrors) { .count($0.report.outcome == .success ? 0 : 1) },
        Metric(.timeoutImminent) { $0.report.outcome == .timeout ? .count(1) : nil },
        Metric(.coldStart) { .count($0.report.isColdStart ? 1 : 0) },
        Metric(.initDuration) { $0.report.initDuration.map(Value.duration) },
        Metric(.remainingTime) { $0.report.remainingTime.map(Value.duration) },
        Metric(.maxMemoryUsed) { $0.report.peakMemoryBytes.map { .number(megabytes($0)) } },
        Metric(.awsWaitTime) { .duration($0.report.metrics.awsWaitTime) },

        Metric(.dynamoDBDuration) { .duration($0.dynamoDB.duration) },
        Metric(.dynamoDBOperations) { .count($0.dynamoDB.calls) },
        Metric(.dynamoDBAttempts) { .count($0.dynamoDB.attempts) },
        Metric(.dynamoDBRetries) { .count($0.dynamoDB.retries) },
        Metric(.dynamoDBThrottles) { .count($0.dynamoDB.throttles) },
        Metric(.dynamoDBErrors) { .count($0.dynamoDB.errors) },
        Metric(.dynamoDBConditionalFailures) { .count($0.dynamoDB.conditionalFailures) },
        Metric(.dynamoDBRetryDelay) { .duration($0.dynamoDB.retryDelay) },
        Metric(.dynamoDBReadUnits) { $0.known($0.dynamoDB.readUnits).map(Value.number) },
        Metric(.dynamoDBWriteUnits) { $0.known($0.dynamoDB.writeUnits).map(Value.number) },

        Metric(.kmsDuration) { .duration($0.kms.duration) },
        Metric(.kmsCalls) { .count($0.kms.calls) },
        Metric(.kmsAttempts) { .count($0.kms.attempts) },
        Metric(.kmsRetries) { .count($0.kms.retries) },
        Metric(.kmsErrors) { .count($0.kms.errors) },
        Metric(.kmsThrottles) { .count($0.kms.throttles) },
        Metric(.kmsCacheHits) { .count($0.report.metrics.kmsCacheHits) },

        Metric(.s3Duration) { .duration($0.s3.duration) },
        Metric(.s3Calls) { .count($0.s3.calls) },
        Metric(.s3Attempts) { .count($0.s3.attempts) },
        Metric(.s3Retries) { .count($0.s3.retries) },
        Metric(.s3Errors) { .count($0.s3.errors) },
        Metric(.s3BytesUploaded) { .count($0.s3.bytesUploaded) },
        Metric(.s3BytesDownloaded) { .count($0.s3.bytesDownloaded) },

        Metric(.estimatedCost) { .number($0.report.metrics.estimatedCost) },
    ]

    private static func megabytes(_ bytes: Int) -> Double {
        (Double(bytes) / 1_048_576 * 10).rounded() / 10
    }
}

extension JSONWriter {
    /// A metric's definition in a directive.
    mutating func metricDefinition(_ name: String, _ unit: MetricUnit, _ resolution: MetricResolution = .standard) {
        beginObject()
        key("Name")
        string(name)
        key("Unit")
        string(unit.rawValue)
        if resolution == .high {
            key("StorageResolution")
            integer(resolution.rawValue)
        }
        endObject()
    }
}
