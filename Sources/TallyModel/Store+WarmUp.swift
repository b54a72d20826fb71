import TallyAWS
import TallyMetrics

extension Store {
    /// Opens connections to the services that models use, all at the same time, so that the first event finds them
    /// open.
    ///
    /// It takes a second at the most. What fails is logged and recorded, never thrown.
    ///
    /// - Parameter models: The models; their names must have been checked.
    package func warmUp<each Root: Model>(_ models: repeat (each Root).Type) async {
        var usesKMS = false
        var buckets: Set<String> = []
        func note<Each: Model>(_ model: Each.Type) {
            let schema = Each.schema
            usesKMS = usesKMS || !schema.secrets.isEmpty
            for file in schema.files {
                if let bucket = try? file.bucket.resolved(for: schema.modelName.rawValue) { buckets.insert(bucket) }
            }
        }
        repeat note((each Root).self)

        let client = client
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await client.warmUp(.dynamoDB) }
            if usesKMS { group.addTask { await client.warmUp(.kms) } }
            for bucket in buckets { group.addTask { await client.warmUp(bucket: bucket) } }
        }
    }
}
