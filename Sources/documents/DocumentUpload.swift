import Tally

/// The body of `POST /documents`.
struct DocumentUpload: Decodable {
    struct Content: Decodable {
        let name: String
        let contentType: String?
        let base64: String
    }

    let id: String?
    let revision: String?
    let title: String
    let tags: [String]?
    let ssn: String
    let notes: String?
    let expires: Int?
    let content: Content?
}

extension Document {
    /// Makes the document that a caller asks for; it is not stored yet.
    ///
    /// - Throws: ``RequestError`` when the content is not base64 or a key attribute is empty.
    init(_ upload: DocumentUpload) throws {
        let id = upload.id ?? Hex.encode(RandomBytes.generate(16))
        let revision = upload.revision ?? "v1"
        for (name, value) in [("id", id), ("revision", revision), ("title", upload.title)] where value.isEmpty {
            throw RequestError(.badRequest, "'\(name)' is empty; leave it out or give it a text")
        }
        self.init(
            pk: Document.partition(id), sk: revision, title: upload.title, tags: Set(upload.tags ?? []),
            ssn: Secret(upload.ssn), notes: upload.notes.map { Secret($0) },
            content: try upload.content.map { try StoredFile($0) }, expires: upload.expires.map { EpochSeconds($0) },
            version: 0)
    }
}

extension StoredFile {
    fileprivate init(_ content: DocumentUpload.Content) throws {
        guard let bytes = Base64.decode(content.base64) else {
            throw RequestError(.badRequest, "'content.base64' is not base64; encode the file's bytes with padding")
        }
        self.init(bytes, name: content.name, contentType: content.contentType ?? "application/octet-stream")
    }
}

/// The body of `POST /documents/{id}/{revision}/import`.
struct ImportOrder: Decodable {
    let bucket: String
    let key: String
    let name: String?
    let contentType: String?
}
