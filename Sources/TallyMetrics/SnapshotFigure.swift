/// The figures of a snapshot under the names that JSON has them by: those of pydynox first, then what it lacked.
struct SnapshotFigure: Sendable {
    enum Value: Sendable {
        case count(Int)
        case number(Double)
        case duration(Duration)
    }

    let name: String
    /// The value, `nil` where it is not known.
    let value: @Sendable (MetricsSnapshot) -> Value?

    private init(_ name: String, _ value: @escaping @Sendable (MetricsSnapshot) -> Value?) {
        self.name = name
        self.value = value
    }

    private static func count(_ name: String, _ value: @escaping @Sendable (MetricsSnapshot) -> Int) -> SnapshotFigure {
        SnapshotFigure(name) { .count(value($0)) }
    }

    private static func milliseconds(
        _ name: String, _ value: @escaping @Sendable (MetricsSnapshot) -> Duration
    ) -> SnapshotFigure {
        SnapshotFigure(name) { .duration(value($0)) }
    }

    private static func calls(_ name: String, of operation: String) -> SnapshotFigure {
        count(name) { snapshot in
            snapshot.operations.reduce(0) { sum, row in
                row.key.service == .dynamoDB && row.key.operation == operation ? sum + row.totals.calls : sum
            }
        }
    }

    static let all = seed + others

    private static let seed = [
        milliseconds("total_duration_ms", \.dynamoDBDuration),
        SnapshotFigure("total_rcu") { $0.readUnits.map(Value.number) },
        SnapshotFigure("total_wcu") { $0.writeUnits.map(Value.number) },
        count("operation_count", \.operationCount),
        calls("get_count", of: "GetItem"),
        calls("put_count", of: "PutItem"),
        calls("delete_count", of: "DeleteItem"),
        calls("update_count", of: "UpdateItem"),
        calls("query_count", of: "Query"),
        calls("scan_count", of: "Scan"),
        milliseconds("kms_duration_ms", \.kmsDuration),
        count("kms_calls", \.kmsCalls),
        milliseconds("s3_duration_ms", \.s3Duration),
        count("s3_calls", \.s3Calls),
        count("s3_bytes_uploaded", \.s3BytesUploaded),
        count("s3_bytes_downloaded", \.s3BytesDownloaded),
    ]

    private static let others = [
        milliseconds("aws_wait_ms", \.awsWaitTime),
        count("dynamodb_attempts", \.dynamoDBAttempts),
        count("dynamodb_retries", \.dynamoDBRetries),
        milliseconds("dynamodb_retry_delay_ms", \.dynamoDBRetryDelay),
        count("dynamodb_throttles", \.dynamoDBThrottles),
        count("dynamodb_errors", \.dynamoDBErrors),
        count("conditional_failures", \.conditionalFailures),
        count("kms_attempts", \.kmsAttempts),
        count("kms_retries", \.kmsRetries),
        count("kms_throttles", \.kmsThrottles),
        count("kms_errors", \.kmsErrors),
        count("kms_cache_hits", \.kmsCacheHits),
        count("s3_attempts", \.s3Attempts),
        count("s3_retries", \.s3Retries),
        count("s3_errors", \.s3Errors),
        count("s3_bytes_resent", \.s3BytesResent),
        SnapshotFigure("estimated_cost_micro_usd") { .number($0.estimatedCost) },
    ]
}
