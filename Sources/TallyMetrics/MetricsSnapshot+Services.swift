extension MetricsSnapshot {
    /// The sum of all calls to DynamoDB.
    public var dynamoDB: CallTotals { totals(of: .dynamoDB) }
    /// The sum of all calls to KMS.
    public var kms: CallTotals { totals(of: .kms) }
    /// The sum of all calls to S3.
    public var s3: CallTotals { totals(of: .s3) }

    // MARK: - DynamoDB

    /// Logical calls to DynamoDB: each page is one, a batch or transaction is one.
    public var operationCount: Int { dynamoDB.calls }
    /// Time on the wire to DynamoDB, retries included.
    public var dynamoDBDuration: Duration { dynamoDB.duration }
    /// HTTP requests to DynamoDB.
    public var dynamoDBAttempts: Int { dynamoDB.attempts }
    /// Attempts beyond the first of each call to DynamoDB.
    public var dynamoDBRetries: Int { dynamoDB.retries }
    /// Attempts that DynamoDB throttled.
    public var dynamoDBThrottles: Int { dynamoDB.throttles }
    /// Calls to DynamoDB that failed, conditional failures apart.
    public var dynamoDBErrors: Int { dynamoDB.errors }
    /// Writes whose condition did not hold.
    public var conditionalFailures: Int { dynamoDB.conditionalFailures }
    /// Time waited between attempts at DynamoDB.
    public var dynamoDBRetryDelay: Duration { dynamoDB.retryDelay }
    /// Read capacity consumed, `nil` when no call told any.
    public var readUnits: Double? { dynamoDB.readUnits }
    /// Write capacity consumed, `nil` when no call told any.
    public var writeUnits: Double? { dynamoDB.writeUnits }

    // MARK: - KMS

    /// Logical calls to KMS.
    public var kmsCalls: Int { kms.calls }
    /// Time on the wire to KMS, retries included.
    public var kmsDuration: Duration { kms.duration }
    /// HTTP requests to KMS.
    public var kmsAttempts: Int { kms.attempts }
    /// Attempts beyond the first of each call to KMS.
    public var kmsRetries: Int { kms.retries }
    /// Attempts that KMS throttled.
    public var kmsThrottles: Int { kms.throttles }
    /// Calls to KMS that failed.
    public var kmsErrors: Int { kms.errors }

    // MARK: - S3

    /// Logical calls to S3: each part of an upload is one.
    public var s3Calls: Int { s3.calls }
    /// Time on the wire to S3, retries included; calls side by side add up.
    public var s3Duration: Duration { s3.duration }
    /// HTTP requests to S3.
    public var s3Attempts: Int { s3.attempts }
    /// Attempts beyond the first of each call to S3.
    public var s3Retries: Int { s3.retries }
    /// Calls to S3 that failed.
    public var s3Errors: Int { s3.errors }
    /// Content bytes of requests that S3 accepted.
    public var s3BytesUploaded: Int { s3.bytesUploaded }
    /// Content bytes received from S3.
    public var s3BytesDownloaded: Int { s3.bytesDownloaded }
    /// Content bytes of attempts that S3 did not accept.
    public var s3BytesResent: Int { s3.bytesResent }
}
