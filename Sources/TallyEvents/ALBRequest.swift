/// An HTTP request as an Application Load Balancer delivers it.
///
/// Headers and parameters come with one value each, or with all of them where the target group has
/// `lambda.multi_value_headers.enabled`, never both.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>
public struct ALBRequest: Codable, Sendable, Hashable {
    /// Where the request was sent.
    public struct Context: Codable, Sendable, Hashable {
        /// The load balancer.
        public struct ELB: Codable, Sendable, Hashable {
            /// The target group of the function.
            public let targetGroupArn: String
        }

        /// The load balancer.
        public let elb: ELB
    }

    /// Where the request was sent.
    public let requestContext: Context
    /// The method, such as `GET`.
    public let httpMethod: String
    /// The path.
    public let path: String
    /// The query's parameters as requested, still percent-encoded, the last value of each.
    public let queryStringParameters: [String: String]?
    /// The query's parameters as requested, still percent-encoded, all values of each.
    public let multiValueQueryStringParameters: [String: [String]]?
    /// The headers, names in lower case, the last value of each.
    public let headers: [String: String]?
    /// The headers, names in lower case, all values of each.
    public let multiValueHeaders: [String: [String]]?
    /// The content.
    public let body: String?
    /// Whether ``body`` is base64.
    public let isBase64Encoded: Bool?
}
