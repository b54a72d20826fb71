import Tally

/// A revision of a document, with two secrets and a file.
struct Document: Model {
    let pk: String
    let sk: String
    var title: String
    var tags: Set<String>
    var ssn: Secret<String>
    var notes: Secret<String>?
    var content: StoredFile?
    var expires: EpochSeconds?
    var version: Int

    static let schema = Schema(
        table: .environment("DOCUMENTS_TABLE"),
        Document.init,
        .partitionKey("pk", \.pk),
        .sortKey("sk", \.sk),
        .attribute("title", \.title),
        .attribute("tags", \.tags),
        .encrypted("ssn", \.ssn, key: .environment("DOCUMENTS_KEY")),
        .encrypted("notes", \.notes, key: .environment("DOCUMENTS_KEY")),
        .file("content", \.content, bucket: .environment("DOCUMENTS_BUCKET"), prefix: "docs/"),
        .timeToLive("expires", \.expires),
        .version("version", \.version)
    )
    static let byTitle = Index("by-title", partition: \Document.title, sort: \.sk)
}

extension Document {
    private static let prefix = "DOC#"

    /// The partition of a document's revisions.
    static func partition(_ id: String) -> String { prefix + id }

    /// The key of one revision.
    static func key(id: String, revision: String) -> Key<Document> { key(partition(id), revision) }

    var id: String { String(pk.dropFirst(Self.prefix.count)) }
    var revision: String { sk }
}
