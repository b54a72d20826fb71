import TallyHTTP
import TallyMetrics
import TallyWire

/// AWS Key Management Service, one method an operation.
///
///     let kms = KMS(client)
///     let dataKey = try await kms.generateDataKey(.init(key: "alias/documents"))
///
/// Plaintext keys are ``SecretBytes``; the response that carried one is wiped as soon as it has been read.
public struct KMS: Sendable {
    private let client: ServiceClient
    private let url: String

    /// Creates the service's operations.
    ///
    /// - Parameter client: What makes the calls.
    public init(_ client: ServiceClient) {
        self.client = client
        url = "\(client.endpoints.endpoint(for: .kms, in: client.region))/"
    }

    /// Makes one call on keys' material: `body` writes the members of the request's object.
    func call(
        _ operation: String, key: String?, models: [ModelName], body: (inout JSONWriter) -> Void
    ) async throws(ServiceError) -> KMSAnswer {
        try await call(operation, key: key, models: models, body: body) { (reader) throws(JSONError) in
            try KMSAnswer(from: &reader)
        }
    }

    /// Makes one call: `body` writes the members of the request's object, `read` reads the response's object.
    func call<Output>(
        _ operation: String, key: String?, models: [ModelName], body: (inout JSONWriter) -> Void,
        read: (inout JSONReader) throws(JSONError) -> Output
    ) async throws(ServiceError) -> Output {
        var call = ServiceCall(
            .kms, operation, resource: key, models: models,
            request: Request(
                .post, url,
                headers: [
                    "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.\(operation)",
                ]
            )
        )
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        body(&json)
        json.endObject()
        call.request.body = .bytes(json.bytes)

        return try await client.send(call) { (response, _) throws(ServiceError) in
            defer { response.body.cleanse() }
            do throws(JSONError) {
                return try JSONReader.read(response.body) { (reader) throws(JSONError) in
                    let output = try read(&reader)
                    try reader.finish()
                    return output
                }
            } catch {
                throw call.failure(.invalidResponse, "the body is not what KMS sends: \(error)", retry: .transient)
            }
        }
    }
}

/// What KMS's responses hold; each operation takes what is its own.
struct KMSAnswer {
    private(set) var keyID: String?
    private(set) var ciphertext: [UInt8]?
    private(set) var plaintext: SecretBytes?

    init(from reader: inout JSONReader) throws(JSONError) {
        var answer = KMSAnswer()
        try reader.members { (key, reader) throws(JSONError) in
            if reader.matches(key, "KeyId") {
                answer.keyID = try reader.string()
            } else if reader.matches(key, "CiphertextBlob") {
                answer.ciphertext = try reader.base64()
            } else if reader.matches(key, "Plaintext") {
                var bytes = try reader.base64()
                answer.plaintext = SecretBytes(moving: &bytes)
            } else {
                return false
            }
            return true
        }
        self = answer
    }

    private init() {}
}

extension JSONWriter {
    /// Writes an encryption context, sorted by name; nothing when it is empty.
    mutating func writeEncryptionContext(_ context: [String: String]) {
        guard !context.isEmpty else { return }
        key("EncryptionContext")
        beginObject()
        for (name, value) in context.sorted(by: { $0.key < $1.key }) {
            key(name)
            string(value)
        }
        endObject()
    }
}
