import TallyAWS
import TallyMetrics
import TallyWire

/// Gets the data keys of a model's secrets from KMS: one call for each item saved and for each key read.
struct DataKeys<Root: Model> {
    private let kms: KMS
    private let schema: Schema<Root>

    // Each call in flight is a connection of its own; a page of a thousand items must not open a thousand.
    private static var callsInFlight: Int { 16 }

    // KMS logs it, and policies can ask for it; nothing secret may be in it.
    private func context() throws(ModelError) -> [String: String] {
        ["tally:format": "1", "tally:table": try schema.tableName()]
    }

    init(_ kms: KMS, _ schema: Schema<Root>) {
        self.kms = kms
        self.schema = schema
    }

    /// Makes one data key for each KMS key that the model's secrets name; none when it has no secret.
    ///
    /// - Returns: The data key by attribute.
    func generate(for model: Root) async throws -> [String: ItemSealer.DataKey] {
        var made: [String: ItemSealer.DataKey] = [:]
        var keys: [String: ItemSealer.DataKey] = [:]
        for secret in schema.secrets where secret.isPresent(model) {
            let name = try secret.key.resolved(for: schema.modelName.rawValue)
            if made[name] == nil {
                let output = try await kms.generateDataKey(
                    .init(key: name, encryptionContext: try context()), models: [schema.modelName])
                made[name] = ItemSealer.DataKey(plaintext: output.plaintext, wrapped: output.wrappedKey)
            }
            keys[secret.name] = made[name]
        }
        return keys
    }

    /// Unwraps every data key that the items' secrets were encrypted under, each once and side by side.
    ///
    /// - Returns: Data keys by their wrapped form.
    func unwrap(_ items: [WireItem]) async throws -> [WrappedKey: SecretBytes] {
        var wrapped: [WrappedKey: String] = [:]
        var uses = 0
        for item in items {
            let keys = try wrappedKeys(of: item)
            uses += keys.count
            wrapped.merge(keys) { first, _ in first }
        }
        if uses > wrapped.count {
            MetricsScope.current?.countKeyReuse(for: [schema.modelName], count: uses - wrapped.count)
        }
        if wrapped.count < 2, let (data, key) = wrapped.first {
            return [data: try await unwrap(data, key)]
        }
        return try await withThrowingTaskGroup(of: (WrappedKey, SecretBytes).self) { group in
            var plain: [WrappedKey: SecretBytes] = [:]
            for (position, (data, key)) in wrapped.enumerated() {
                if position >= Self.callsInFlight, let (done, opened) = try await group.next() { plain[done] = opened }
                group.addTask { (data, try await unwrap(data, key)) }
            }
            for try await (done, opened) in group { plain[done] = opened }
            return plain
        }
    }

    private func unwrap(_ wrapped: WrappedKey, _ key: String) async throws -> SecretBytes {
        let input = KMS.DecryptInput(ciphertext: wrapped.bytes, key: key, encryptionContext: try context())
        return try await kms.decrypt(input, models: [schema.modelName]).plaintext
    }

    /// The wrapped data keys of an item's secrets, with the KMS key that must have wrapped each.
    private func wrappedKeys(of item: WireItem) throws(ModelError) -> [WrappedKey: String] {
        try schema.read(item, opener: nil) { (reader) throws(ModelError) in
            var keys: [WrappedKey: String] = [:]
            for secret in schema.secrets {
                let envelope: Envelope
                do throws(AttributeError) {
                    guard try reader.seek(secret.attribute), try !reader.values.consumeNull() else { continue }
                    envelope = try Envelope(try reader.values.binary())
                } catch {
                    throw ModelError(model: schema.modelName.rawValue, attribute: secret.name, error)
                }
                keys[WrappedKey(envelope.wrappedKey)] = try secret.key.resolved(for: schema.modelName.rawValue)
            }
            return keys
        }
    }
}
