/// The figures of a scope that has ended, as observations of metrics.
///
/// A service's metrics are there when it was called: zeros of services that a function does not use would make up most
/// of every export, and spoil the distributions of those that it uses now and then.
struct ScopeFigures {
    private let report: InvocationReport
    private let isInvocation: Bool

    /// The figures of an invocation.
    init(_ report: InvocationReport) {
        self.report = report
        isInvocation = true
    }

    /// The figures of a scope outside Lambda.
    init(_ scope: MetricsScope) {
        var report = InvocationReport(
            invocation: scope.invocation, outcome: .success, handlerDuration: .zero, metrics: scope.snapshot())
        report.userMetrics = scope.userMetrics()
        self.report = report
        isInvocation = false
    }

    /// The observations.
    ///
    /// - Parameters:
    ///   - level: At `detailed`, each operation on each table counts once more under its own name.
    ///   - dimensions: Those of the function, on each metric.
    /// - Returns: Metrics and their values.
    func values(level: MetricsLevel, dimensions: [MetricDimension]) -> [(key: MetricKey, value: Double)] {
        var values: [(key: MetricKey, value: Double)] = []
        let figures = EMFCatalogue.Figures(report)
        for metric in EMFCatalogue.metrics where isTold(metric.name, figures) {
            guard let value = metric.value(figures) else { continue }
            values.append((MetricKey(metric.name, dimensions: dimensions), value.number))
        }
        if level == .detailed {
            for row in report.metrics.operations { values += row.observations(dimensions) }
        }
        return values + added(dimensions)
    }

    private func isTold(_ name: MetricName, _ figures: EMFCatalogue.Figures) -> Bool {
        if Self.ofInvocations.contains(name) { return isInvocation }
        if name == .kmsCacheHits { return report.metrics.kmsCacheHits > 0 || figures.kms.calls > 0 }
        if name.rawValue.hasPrefix("DynamoDB") { return figures.dynamoDB.calls > 0 }
        if name.rawValue.hasPrefix("KMS") { return figures.kms.calls > 0 }
        if name.rawValue.hasPrefix("S3") { return figures.s3.calls > 0 }
        return name == .maxMemoryUsed || !report.metrics.operations.isEmpty
    }

    private static let ofInvocations: Set<MetricName> = [
        .handlerDuration, .handlerErrors, .timeoutImminent, .coldStart, .initDuration, .remainingTime,
    ]

    /// What the handler added.
    private func added(_ dimensions: [MetricDimension]) -> [(key: MetricKey, value: Double)] {
        guard let added = report.userMetrics else { return [] }
        var values: [(key: MetricKey, value: Double)] = []
        func append(_ document: MetricDocument, namespace: String?) {
            for metric in document.metrics {
                let key = MetricKey(
                    metric.name, unit: metric.unit, namespace: namespace, dimensions: dimensions + document.dimensions)
                for value in metric.values { values.append((key, value)) }
            }
        }
        append(added.main, namespace: nil)
        for separate in added.separate { append(separate.document, namespace: separate.namespace) }
        return values
    }
}

extension EMFCatalogue.Value {
    /// The value as the line has it: durations in milliseconds.
    fileprivate var number: Double {
        switch self {
        case .count(let count): Double(count)
        case .duration(let duration): duration.roundedMilliseconds
        case .number(let number): number
        }
    }
}

extension OperationTotals {
    /// The names of the figures of a service's operations.
    private struct Names {
        let duration, calls, attempts, retries, throttles, errors: MetricName?

        init?(_ service: Service) {
            switch service {
            case .dynamoDB:
                (duration, calls, attempts) = (.dynamoDBDuration, .dynamoDBOperations, .dynamoDBAttempts)
                (retries, throttles, errors) = (.dynamoDBRetries, .dynamoDBThrottles, .dynamoDBErrors)
            case .kms:
                (duration, calls, attempts) = (.kmsDuration, .kmsCalls, .kmsAttempts)
                (retries, throttles, errors) = (.kmsRetries, .kmsThrottles, .kmsErrors)
            case .s3:
                (duration, calls, attempts) = (.s3Duration, .s3Calls, .s3Attempts)
                (retries, throttles, errors) = (.s3Retries, nil, .s3Errors)
            default: return nil
            }
        }
    }

    /// The figures of one operation on one table or bucket.
    fileprivate func observations(_ dimensions: [MetricDimension]) -> [(key: MetricKey, value: Double)] {
        guard let names = Names(key.service) else { return [] }
        let own = dimensions + self.dimensions
        var values: [(key: MetricKey, value: Double)] = []
        func append(_ name: MetricName?, _ value: Double?, _ more: [MetricDimension] = []) {
            guard let name, let value else { return }
            values.append((MetricKey(name, dimensions: own + more), value))
        }
        append(names.duration, totals.duration.roundedMilliseconds)
        append(names.calls, Double(totals.calls))
        append(names.attempts, Double(totals.attempts))
        append(names.retries, Double(totals.retries))
        append(names.throttles, Double(totals.throttles))
        append(names.errors, Double(totals.errors))
        if key.service == .dynamoDB {
            append(.dynamoDBConditionalFailures, Double(totals.conditionalFailures))
            append(.dynamoDBReadUnits, totals.readUnits)
            append(.dynamoDBWriteUnits, totals.writeUnits)
        } else if key.service == .s3 {
            append(.s3BytesUploaded, Double(totals.bytesUploaded))
            append(.s3BytesDownloaded, Double(totals.bytesDownloaded))
        }
        for (code, count) in errorCodes {
            append(names.errors, Double(count), [MetricDimension(name: "errorCode", value: code)])
        }
        return values
    }

    /// How many errors of each code; those of which the row has only the number are `other`.
    private var errorCodes: [String: Int] {
        var codes: [String: Int] = [:]
        for failure in recentErrors { codes[failure.code ?? "other", default: 0] += 1 }
        let rest = totals.errors - recentErrors.count
        if rest > 0 { codes["other", default: 0] += rest }
        return codes
    }

    private var dimensions: [MetricDimension] {
        var dimensions = [MetricDimension(name: "operation", value: key.operation)]
        // Keys are named by ids that say nothing to whoever looks at a graph.
        if let resource = key.resource, key.service != .kms {
            dimensions.append(MetricDimension(name: key.service == .s3 ? "bucket" : "table", value: resource))
        }
        if let index = key.index { dimensions.append(MetricDimension(name: "index", value: index)) }
        return dimensions
    }
}
