import Tally

/// The item of 521 bytes and ten attributes.
struct SmallItem: Model {
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

    static let schema = Schema(
        table: .benchmark,
        SmallItem.init,
        .partitionKey("pk", \.pk),
        .sortKey("sk", \.sk),
        .attribute("name", \.name),
        .attribute("email", \.email),
        .attribute("status", \.status),
        .attribute("country", \.country),
        .attribute("age", \.age),
        .attribute("score", \.score),
        .attribute("active", \.active),
        .attribute("bio", \.bio)
    )
}

extension SmallItem {
    static let bio = String(repeating: "Lorem ipsum dolor sit amet, consectetur adipiscing elit. ", count: 6)

    static func sample() -> SmallItem {
        SmallItem(
            pk: "USER#0000001", sk: "PROFILE#2026", name: "Jane Q. Public", email: "jane.public@example.com",
            status: "active", country: "DE", age: 42, score: 1_234.5, active: true, bio: bio)
    }
}

extension ResourceName {
    /// The table of the scenario.
    static let benchmark = ResourceName.environment("BENCHMARK_TABLE")
}
