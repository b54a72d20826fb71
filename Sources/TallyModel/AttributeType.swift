import TallyWire

/// The type of a stored value, by the member that DynamoDB's JSON keeps it under.
@usableFromInline
enum AttributeType: Sendable {
    case string
    case number
    case binary
    case bool
    case null
    case list
    case map
    case stringSet
    case numberSet

    var tag: StaticString {
        switch self {
        case .string: "S"
        case .number: "N"
        case .binary: "B"
        case .bool: "BOOL"
        case .null: "NULL"
        case .list: "L"
        case .map: "M"
        case .stringSet: "SS"
        case .numberSet: "NS"
        }
    }

    /// `{"S":` and so on.
    var opening: JSONOpening {
        switch self {
        case .string: Self.openings.string
        case .number: Self.openings.number
        case .binary: Self.openings.binary
        case .bool: Self.openings.bool
        case .null: Self.openings.null
        case .list: Self.openings.list
        case .map: Self.openings.map
        case .stringSet: Self.openings.stringSet
        case .numberSet: Self.openings.numberSet
        }
    }

    private struct Openings: Sendable {
        let string = JSONOpening("S")
        let number = JSONOpening("N")
        let binary = JSONOpening("B")
        let bool = JSONOpening("BOOL")
        let null = JSONOpening("NULL")
        let list = JSONOpening("L")
        let map = JSONOpening("M")
        let stringSet = JSONOpening("SS")
        let numberSet = JSONOpening("NS")
    }

    private static let openings = Openings()
}
