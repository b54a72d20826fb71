public import TallyMetrics
public import TallyWire

extension KMS {
    /// What ``KMS/decrypt(_:models:)`` unwraps.
    public struct DecryptInput: Sendable {
        /// What KMS wrapped.
        public var ciphertext: [UInt8]
        /// The key that must have wrapped it; `nil` accepts any that the caller may use.
        public var key: String?
        /// What it was bound to: the same names and values as when it was wrapped.
        public var encryptionContext: [String: String]

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - ciphertext: What KMS wrapped.
        ///   - key: The key that must have wrapped it.
        ///   - encryptionContext: What it was bound to.
        public init(ciphertext: [UInt8], key: String? = nil, encryptionContext: [String: String] = [:]) {
            self.ciphertext = ciphertext
            self.key = key
            self.encryptionContext = encryptionContext
        }
    }

    /// What ``KMS/decrypt(_:models:)`` unwrapped.
    public struct DecryptOutput: Sendable {
        /// The ARN of the key that had wrapped it.
        public var keyARN: String
        /// What was wrapped.
        public var plaintext: SecretBytes
    }

    /// Unwraps a data key, or any other ciphertext of KMS's.
    ///
    /// - Parameters:
    ///   - input: What to unwrap.
    ///   - models: The models on whose behalf.
    /// - Returns: The plaintext, and the key that had wrapped it.
    /// - Throws: ``ServiceError`` when KMS refuses (a changed ciphertext, another context, another key) or retries run
    ///   out.
    /// - Cost: One KMS request.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>
    public func decrypt(
        _ input: DecryptInput, models: [ModelName] = []
    ) async throws(ServiceError) -> DecryptOutput {
        let answer = try await call("Decrypt", key: input.key, models: models) { json in
            json.key("CiphertextBlob")
            json.base64(input.ciphertext)
            if let key = input.key {
                json.key("KeyId")
                json.string(key)
            }
            json.writeEncryptionContext(input.encryptionContext)
        }
        guard let keyARN = answer.keyID, let plaintext = answer.plaintext else {
            throw ServiceError(
                .invalidResponse, "the response holds no plaintext", service: .kms, operation: "Decrypt",
                resource: input.key
            )
        }
        return DecryptOutput(keyARN: keyARN, plaintext: plaintext)
    }
}
