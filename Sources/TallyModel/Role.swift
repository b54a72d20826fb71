/// What an attribute is for, beyond holding a value.
enum Role: Sendable, Hashable {
    case partitionKey
    case sortKey
    case plain
    case timeToLive
    case version
    case encrypted
    case file
}
