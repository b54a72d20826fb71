public import TallyAWS
import TallyHTTP
import TallyMetrics

/// Where models are read and written.
///
/// In a function it is made in init, `Store(start, for: Document.self)`; elsewhere it has a transport of its own:
///
///     let store = Store(region: "us-east-1", credentials: EnvironmentCredentials())
///     let saved = try await store.save(document)
///     let found = try await store.get(Document.key("DOC#1", "v1"))
public struct Store: Sendable {
    /// Makes the calls: for services that have no operations of their own here.
    public var client: ServiceClient { dynamoDB.client }
    /// DynamoDB, for what models do not cover.
    public let dynamoDB: DynamoDB
    /// KMS, for what models do not cover.
    public let kms: KMS
    /// S3, for what models do not cover.
    public let s3: S3

    /// Creates a store on a client.
    ///
    /// - Parameter client: Makes the calls.
    public init(_ client: ServiceClient) {
        dynamoDB = DynamoDB(client)
        kms = KMS(client)
        s3 = S3(client)
    }

    /// Creates a store for use outside Lambda: in tests, scripts and servers.
    ///
    /// - Parameters:
    ///   - region: The region of the tables, keys and buckets.
    ///   - credentials: Where the keys to sign with come from.
    ///   - endpoints: Where the services are reached, for local servers.
    public init(region: Region, credentials: any CredentialProvider, endpoints: Endpoints = Endpoints()) {
        let transport = CurlTransport()
        self.init(
            ServiceClient(
                transport: transport, region: region, credentials: credentials, endpoints: endpoints,
                sleep: { try await transport.sleep(for: $0) }))
    }

    /// Checks that every name that models take from the environment is there.
    ///
    /// - Parameter models: The models.
    /// - Throws: ``ModelError`` that names the variable that is missing.
    public func check<each Root: Model>(_ models: repeat (each Root).Type) throws {
        for model in repeat each models { try Self.check(model) }
    }

    private static func check<Root: Model>(_ model: Root.Type) throws {
        let schema = Root.schema
        let name = schema.modelName.rawValue
        _ = try schema.tableName()
        for secret in schema.secrets { _ = try secret.key.resolved(for: name) }
        for file in schema.files { _ = try file.bucket.resolved(for: name) }
    }
}
