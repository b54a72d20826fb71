import Glibc
import TallyAWS
import TallyMetrics
import TallyWire

/// The files of a model on their way to S3 and out of it.
struct ModelFiles<Root: Model>: Sendable {
    private let s3: S3
    private let schema: Schema<Root>

    init(_ s3: S3, _ schema: Schema<Root>) {
        self.s3 = s3
        self.schema = schema
    }

    /// Uploads what is not stored yet, each file to a key of its own, and puts the pointers into the model.
    ///
    /// - Returns: What was uploaded, to be removed when the item is not written after all.
    func upload(of model: inout Root) async throws -> [StoredFile.Location] {
        var uploaded: [StoredFile.Location] = []
        do {
            for field in schema.files {
                guard let file = field.get(model), file.location == nil else { continue }
                let bucket = try field.bucket.resolved(for: schema.modelName.rawValue)
                let location = try await upload(file, to: bucket, prefix: field.prefix)
                uploaded.append(location)
                field.set(&model, file.stored(at: location, owner: schema.modelName))
            }
        } catch {
            await remove(uploaded, keeping: [])
            throw error
        }
        return uploaded
    }

    private func upload(_ file: StoredFile, to bucket: String, prefix: String) async throws -> StoredFile.Location {
        // A key that is never used twice: what an item points to cannot change under it.
        let key = prefix + Hex.encode(RandomBytes.generate(16))
        let target = S3.UploadTarget(bucket: bucket, key: key, contentType: file.contentType, condition: .ifAbsent)
        let output =
            switch file.source {
            case .bytes(let bytes): try await s3.upload(bytes, to: target, models: [schema.modelName])
            case .stream(let stream):
                try await s3.upload(stream, length: file.size, to: target, models: [schema.modelName])
            case .object: fatalError("ModelFiles: a stored file is not uploaded again")
            }
        MetricsScope.current?.note(file.size, of: .objectSize, for: schema.modelName)
        return StoredFile.Location(bucket: bucket, key: key, checksum: output.checksum)
    }

    /// Removes objects that no item points to any more.
    ///
    /// What cannot be removed is counted as an error of S3 and otherwise left: it wastes room, but no item is wrong
    /// for it.
    func remove(_ locations: [StoredFile.Location], keeping kept: [StoredFile.Location]) async {
        let doomed = locations.filter { !kept.contains($0) }
        guard !doomed.isEmpty else { return }
        // A task of its own: what a cancelled save has uploaded must go as well. It inherits the scope.
        await Task {
            for location in doomed {
                try? await s3.deleteObject(bucket: location.bucket, key: location.key, models: [schema.modelName])
            }
        }.value
    }

    /// What a model points to.
    func locations(of model: Root) -> [StoredFile.Location] {
        schema.files.compactMap { $0.get(model)?.location }
    }

    /// What a stored item points to; a pointer that cannot be read points to nothing.
    func locations(in item: WireItem?) -> [StoredFile.Location] {
        guard let item else { return [] }
        let found: [StoredFile.Location]? = try? schema.read(item, opener: nil) { (reader) throws(ModelError) in
            schema.files.compactMap { field in
                guard (try? reader.seek(field.attribute)) == true else { return nil }
                return try? StoredFile.load(from: &reader.values).location
            }
        }
        return found ?? []
    }
}
