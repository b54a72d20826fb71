import Tally

/// A document as the API answers with it: its secrets revealed, its tags sorted.
struct DocumentView: Encodable {
    struct Content: Encodable {
        let name: String
        let contentType: String
        let size: Int
        var base64: String?
        var url: String?
    }

    let id: String
    let revision: String
    let title: String
    let tags: [String]
    let ssn: String
    let notes: String?
    let expires: Int?
    let version: Int
    var content: Content?

    /// - Parameter document: A stored document. Its content is described, not fetched.
    init(_ document: Document) {
        id = document.id
        revision = document.revision
        title = document.title
        tags = document.tags.sorted()
        ssn = document.ssn.reveal()
        notes = document.notes?.reveal()
        expires = document.expires?.seconds
        version = document.version
        content = document.content.map { Content(name: $0.name, contentType: $0.contentType, size: $0.size) }
    }
}

/// One page of documents.
struct DocumentList: Encodable {
    let documents: [DocumentView]
    let next: String?

    init(_ page: Page<Document>) {
        documents = page.items.map { DocumentView($0) }
        next = page.cursor?.description
    }
}
