import TallyMetrics

extension Service {
    /// The services whose endpoints the environment may override.
    static let known: [Service] = [
        .dynamoDB, .dynamoDBStreams, .kms, .s3, .sqs, .sns, .eventBridge, .secretsManager, .ssm, .cloudWatch, .sts,
    ]

    /// The first label of the service's hosts.
    var endpointPrefix: String {
        switch self {
        case .eventBridge: "events"
        case .cloudWatch: "monitoring"
        case .dynamoDBStreams: "streams.dynamodb"
        default: rawValue.lowercased()
        }
    }

    /// The name in the scope of signatures.
    var signingName: String { self == .dynamoDBStreams ? "dynamodb" : endpointPrefix }

    /// What follows `AWS_ENDPOINT_URL_` in the variable that overrides the service's endpoint: its id in capitals.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>
    var endpointVariable: String {
        switch self {
        case .secretsManager: "SECRETS_MANAGER"
        case .dynamoDBStreams: "DYNAMODB_STREAMS"
        default: rawValue.uppercased()
        }
    }
}
