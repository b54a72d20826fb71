import Tally

/// The small item with a file.
struct FileItem: Model {
    let pk: String
    let sk: String
    var name: String
    var email: String
    var status: String
    var country: String
    var age: Int
    var score: Double
    var active: Bool
    var bio: String
    var content: StoredFile?

    static let schema = Schema(
        table: .benchmark,
        FileItem.init,
        .partitionKey("pk", \.pk),
        .sortKey("sk", \.sk),
        .attribute("name", \.name),
        .attribute("email", \.email),
        .attribute("status", \.status),
        .attribute("country", \.country),
        .attribute("age", \.age),
        .attribute("score", \.score),
        .attribute("active", \.active),
        .attribute("bio", \.bio),
        .file("content", \.content, bucket: "bench-bucket")
    )

    static func sample(content: [UInt8]) -> FileItem {
        let item = SmallItem.sample()
        return FileItem(
            pk: item.pk, sk: item.sk, name: item.name, email: item.email, status: item.status, country: item.country,
            age: item.age, score: item.score, active: item.active, bio: item.bio,
            content: StoredFile(content, name: "bench.bin", contentType: "application/octet-stream"))
    }
}
