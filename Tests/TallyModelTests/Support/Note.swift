import Tally

/// The model that most tests use: every role once.
struct Note: Model, Equatable {
    let pk: String
    let sk: String
    var title: String
    var tags: Set<String>
    var rating: Int?
    var ssn: Secret<String>
    var memo: Secret<String>?
    var content: StoredFile?
    var expires: EpochSeconds?
    var version: Int

    static let schema = Schema(
        table: "notes",
        Note.init,
        .partitionKey("pk", \.pk),
        .sortKey("sk", \.sk),
        .attribute("title", \.title),
        .attribute("tags", \.tags),
        .attribute("rating", \.rating),
        .encrypted("ssn", \.ssn, key: "alias/notes"),
        .encrypted("memo", \.memo, key: "alias/notes"),
        .file("content", \.content, bucket: "note-files", prefix: "files/"),
        .timeToLive("expires", \.expires),
        .version("version", \.version)
    )
    static let byTitle = Index("by-title", partition: \Note.title, sort: \.sk)
    static let byTag = Index("by-rating", partition: \Note.rating)

    static func == (left: Note, right: Note) -> Bool {
        (left.pk, left.sk, left.title, left.tags, left.rating) == (
            right.pk, right.sk, right.title, right.tags, right.rating
        )
            && (left.ssn, left.version) == (right.ssn, right.version)
            && (left.memo, left.expires, left.content?.location)
                == (right.memo, right.expires, right.content?.location)
    }
}

extension Note {
    static func sample(
        _ sk: String = "v1", title: String = "Report", memo: Secret<String>? = "m", content: StoredFile? = nil,
        version: Int = 0
    ) -> Note {
        Note(
            pk: "NOTE#1", sk: sk, title: title, tags: ["b", "a"], rating: nil, ssn: "078-05-1120", memo: memo,
            content: content, expires: EpochSeconds(1_900_000_000), version: version)
    }
}

/// A model without secrets or files.
struct Plain: Model, Equatable {
    let id: String
    var count: Int
    var label: String?

    static let schema = Schema(
        table: "plain",
        Plain.init,
        .partitionKey("id", \.id),
        .attribute("count", \.count),
        .attribute("label", \.label)
    )
}
