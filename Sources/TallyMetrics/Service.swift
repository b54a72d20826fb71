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
    /// AWS Key Management Service.
    public static let kms = Service(rawValue: "KMS")
    /// Amazon S3.
    public static let s3 = Service(rawValue: "S3")
}
