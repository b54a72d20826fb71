public import TallyMetrics
public import TallyWire

extension KMS {
    /// What ``KMS/generateDataKey(_:models:)`` asks for.
    public struct GenerateDataKeyInput: Sendable {
        /// The key that wraps the data key: its id, its ARN, or an alias as `alias/NAME`.
        public var key: String
        /// What the data key is bound to; it is logged in the clear, so nothing secret belongs here.
        public var encryptionContext: [String: String]

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - key: The key that wraps the data key: its id, its ARN, or an alias as `alias/NAME`.
        ///   - encryptionContext: What the data key is bound to.
        public init(key: String, encryptionContext: [String: String] = [:]) {
            self.key = key
            self.encryptionContext = encryptionContext
        }
    }

    /// A fresh data key in both of its forms.
    public struct GenerateDataKeyOutput: Sendable {
        /// The ARN of the key that wrapped it, whatever name was asked for.
        public var keyARN: String
        /// The data key, wrapped: to be kept beside what it encrypts.
        public var wrappedKey: [UInt8]
        /// The data key itself: 32 bytes.
        public var plaintext: SecretBytes
    }

    /// Makes a fresh 256-bit data key.
    ///
    /// - Parameters:
    ///   - input: Which key wraps it, and what it is bound to.
    ///   - models: The models on whose behalf.
    /// - Returns: The data key, plain and wrapped.
    /// - Throws: ``ServiceError`` when KMS refuses or retries run out.
    /// - Cost: One KMS request.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>
    public func generateDataKey(
        _ input: GenerateDataKeyInput, models: [ModelName] = []
    ) async throws(ServiceError) -> GenerateDataKeyOutput {
        let answer = try await call("GenerateDataKey", key: input.key, models: models) { json in
            json.key("KeyId")
            json.string(input.key)
            json.key("KeySpec")
            json.string("AES_256")
            json.writeEncryptionContext(input.encryptionContext)
        }
        guard let keyARN = answer.keyID, let wrapped = answer.ciphertext, let plaintext = answer.plaintext,
            plaintext.count == 32
        else {
            throw ServiceError(
                .invalidResponse, "the response holds no data key of 32 bytes", service: .kms,
                operation: "GenerateDataKey", resource: input.key
            )
        }
        return GenerateDataKeyOutput(keyARN: keyARN, wrappedKey: wrapped, plaintext: plaintext)
    }
}
