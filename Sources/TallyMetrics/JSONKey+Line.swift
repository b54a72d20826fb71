import TallyWire

// The members of a line that are no metrics, by the names that they have there.
extension JSONKey {
    // MARK: - The directive

    static let metadata = JSONKey("_aws")
    static let metadataTimestamp = JSONKey("Timestamp")
    static let directives = JSONKey("CloudWatchMetrics")
    static let namespace = JSONKey("Namespace")
    static let dimensions = JSONKey("Dimensions")
    static let definitions = JSONKey("Metrics")

    // MARK: - Properties of the line

    static let level = JSONKey("level")
    static let timestamp = JSONKey("timestamp")
    static let requestID = JSONKey("requestId")
    static let traceID = JSONKey("traceId")
    static let tenantID = JSONKey("tenantId")
    static let outcome = JSONKey("outcome")
    static let errorType = JSONKey("errorType")
    static let part = JSONKey("part")
    static let lateCalls = JSONKey("lateCalls")
    static let lateMetrics = JSONKey("lateMetrics")
    static let rejectedMetrics = JSONKey("rejectedMetrics")
    static let traceDrops = JSONKey("traceDrops")
    static let slowCalls = JSONKey("slowCalls")
    static let throttlingReasons = JSONKey("throttlingReasons")
    static let hotKeys = JSONKey("hotKeys")
    static let initDynamoDBOperations = JSONKey("initDynamoDBOperations")
    static let initKMSCalls = JSONKey("initKMSCalls")
    static let initS3Calls = JSONKey("initS3Calls")
    static let initAWSWaitTime = JSONKey("initAWSWaitTime")
    static let dynamoDB = JSONKey("dynamodb")
    static let kms = JSONKey("kms")
    static let s3 = JSONKey("s3")

    /// All of them, so that nothing else on the line is named like one.
    static let properties = [
        metadata, level, timestamp, requestID, traceID, tenantID, outcome, errorType, part, lateCalls, lateMetrics,
        rejectedMetrics, traceDrops, slowCalls, throttlingReasons, hotKeys, initDynamoDBOperations, initKMSCalls,
        initS3Calls, initAWSWaitTime, dynamoDB, kms, s3,
    ]

    // MARK: - An operation's row

    static let operation = JSONKey("op")
    static let table = JSONKey("table")
    static let bucket = JSONKey("bucket")
    static let keyName = JSONKey("key")
    static let resource = JSONKey("resource")
    static let index = JSONKey("index")
    static let calls = JSONKey("n")
    static let milliseconds = JSONKey("ms")
    static let readUnits = JSONKey("rcu")
    static let writeUnits = JSONKey("wcu")
    static let items = JSONKey("items")
    static let scanned = JSONKey("scanned")
    static let uploaded = JSONKey("up")
    static let downloaded = JSONKey("down")
    static let resent = JSONKey("resent")
    static let retries = JSONKey("retries")
    static let throttles = JSONKey("throttles")
    static let errors = JSONKey("errors")
    static let conditionalFailures = JSONKey("conditional")
}
