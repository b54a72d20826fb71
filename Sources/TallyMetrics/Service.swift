/// A service that calls are made to.
public struct Service: RawRepresentable, Sendable, Hashable {
    /// The service's name as it begins its metrics' names, such as `DynamoDB`.
    public let rawValue: String

    /// Creates a service from its name.
    ///
    /// - Parameter rawValue: The name as it begins metrics' names.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Amazon DynamoDB.
    public static let dynamoDB = Service(rawValue: "DynamoDB")
    /// Amazon DynamoDB Streams.
    public static let dynamoDBStreams = Service(rawValue: "DynamoDBStreams")
    /// AWS Key Management Service.
    public static let kms = Service(rawValue: "KMS")
    /// Amazon S3.
    public static let s3 = Service(rawValue: "S3")
    /// Amazon Simple Queue Service.
    public static let sqs = Service(rawValue: "SQS")
    /// Amazon Simple Notification Service.
    public static let sns = Service(rawValue: "SNS")
    /// Amazon EventBridge.
    public static let eventBridge = Service(rawValue: "EventBridge")
    /// AWS Secrets Manager.
    public static let secretsManager = Service(rawValue: "SecretsManager")
    /// AWS Systems Manager.
    public static let ssm = Service(rawValue: "SSM")
    /// Amazon CloudWatch.
    public static let cloudWatch = Service(rawValue: "CloudWatch")
    /// AWS Security Token Service.
    public static let sts = Service(rawValue: "STS")
}
