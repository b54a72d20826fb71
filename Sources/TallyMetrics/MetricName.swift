/// A metric of the line, by its name in CloudWatch.
public struct MetricName: Sendable, Hashable {
    /// The name in CloudWatch, which is also the member of the line that holds the value.
    public let rawValue: String
    /// The unit of the value.
    public let unit: MetricUnit

    private init(_ rawValue: String, _ unit: MetricUnit) {
        self.rawValue = rawValue
        self.unit = unit
    }

    // MARK: - The invocation

    /// Decoding the event, handling it and encoding the result.
    public static let handlerDuration = MetricName("HandlerDuration", .milliseconds)
    /// 1 when the invocation failed, else 0; its average is the error rate.
    public static let handlerErrors = MetricName("HandlerErrors", .count)
    /// 1 on the line of a handler that was not done when its deadline was near, or failed since it was cancelled for
    /// that reason; absent on any other.
    public static let timeoutImminent = MetricName("TimeoutImminent", .count)
    /// 1 on the first invocation of a process that Lambda started for it, else 0.
    public static let coldStart = MetricName("ColdStart", .count)
    /// From the start of the process to its first request for an event; on the first line only.
    public static let initDuration = MetricName("InitDuration", .milliseconds)
    /// What was left of the invocation's time when the line was made.
    public static let remainingTime = MetricName("RemainingTime", .milliseconds)
    /// The largest resident size of the process so far.
    public static let maxMemoryUsed = MetricName("MaxMemoryUsed", .megabytes)
    /// Time during which at least one call to AWS was under way.
    public static let awsWaitTime = MetricName("AWSWaitTime", .milliseconds)
    /// What the calls cost, in millionths of a US dollar.
    public static let estimatedCost = MetricName("EstimatedCost", .none)

    // MARK: - DynamoDB

    /// Time on the wire to DynamoDB, retries included.
    public static let dynamoDBDuration = MetricName("DynamoDBDuration", .milliseconds)
    /// Logical calls to DynamoDB.
    public static let dynamoDBOperations = MetricName("DynamoDBOperations", .count)
    /// HTTP requests to DynamoDB.
    public static let dynamoDBAttempts = MetricName("DynamoDBAttempts", .count)
    /// Attempts beyond the first of each call.
    public static let dynamoDBRetries = MetricName("DynamoDBRetries", .count)
    /// Attempts that DynamoDB throttled.
    public static let dynamoDBThrottles = MetricName("DynamoDBThrottles", .count)
    /// Calls that failed, conditional failures apart.
    public static let dynamoDBErrors = MetricName("DynamoDBErrors", .count)
    /// Writes whose condition did not hold.
    public static let dynamoDBConditionalFailures = MetricName("DynamoDBConditionalFailures", .count)
    /// Time waited between attempts.
    public static let dynamoDBRetryDelay = MetricName("DynamoDBRetryDelay", .milliseconds)
    /// Read capacity consumed; absent when DynamoDB was called and told none.
    public static let dynamoDBReadUnits = MetricName("DynamoDBReadUnits", .count)
    /// Write capacity consumed; absent when DynamoDB was called and told none.
    public static let dynamoDBWriteUnits = MetricName("DynamoDBWriteUnits", .count)

    // MARK: - KMS

    /// Time on the wire to KMS, retries included.
    public static let kmsDuration = MetricName("KMSDuration", .milliseconds)
    /// Logical calls to KMS.
    public static let kmsCalls = MetricName("KMSCalls", .count)
    /// HTTP requests to KMS.
    public static let kmsAttempts = MetricName("KMSAttempts", .count)
    /// Attempts beyond the first of each call.
    public static let kmsRetries = MetricName("KMSRetries", .count)
    /// Calls that failed.
    public static let kmsErrors = MetricName("KMSErrors", .count)
    /// Attempts that KMS throttled.
    public static let kmsThrottles = MetricName("KMSThrottles", .count)
    /// Values opened with a data key that was already there.
    public static let kmsCacheHits = MetricName("KMSCacheHits", .count)

    // MARK: - S3

    /// Time on the wire to S3, retries included; calls side by side add up.
    public static let s3Duration = MetricName("S3Duration", .milliseconds)
    /// Logical calls to S3, each part of an upload one.
    public static let s3Calls = MetricName("S3Calls", .count)
    /// HTTP requests to S3.
    public static let s3Attempts = MetricName("S3Attempts", .count)
    /// Attempts beyond the first of each call.
    public static let s3Retries = MetricName("S3Retries", .count)
    /// Calls that failed.
    public static let s3Errors = MetricName("S3Errors", .count)
    /// Content bytes of requests that S3 accepted.
    public static let s3BytesUploaded = MetricName("S3BytesUploaded", .bytes)
    /// Content bytes received.
    public static let s3BytesDownloaded = MetricName("S3BytesDownloaded", .bytes)

    // MARK: - Sinks

    /// Observations that did not reach a sink, by its name in the dimension `sink`; told to the other sinks.
    public static let lostObservations = MetricName("LostObservations", .count)
}
