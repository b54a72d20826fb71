import Tally

/// The small item with one attribute encrypted.
struct SealedItem: Model {
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
    var ssn: Secret<String>

    static let schema = Schema(
        table: .benchmark,
        SealedItem.init,
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
        .encrypted("ssn", \.ssn, key: "alias/bench")
    )

    static func sample() -> SealedItem {
        let item = SmallItem.sample()
        return SealedItem(
            pk: item.pk, sk: item.sk, name: item.name, email: item.email, status: item.status, country: item.country,
            age: item.age, score: item.score, active: item.active, bio: item.bio, ssn: "078-05-1120")
    }
}
