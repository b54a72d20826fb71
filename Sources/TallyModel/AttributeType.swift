import TallyWire

/// The type of a stored value, by the member that DynamoDB's JSON keeps it under.
@usableFromInline
struct AttributeType: Sendable {
    let tag: StaticString
    /// `{"S":` and so on.
    let opening: JSONOpening

    private init(_ tag: StaticString) {
        self.tag = tag
        opening = JSONOpening(tag)
    }

    @usableFromInline static let string = AttributeType("S")
    @usableFromInline static let number = AttributeType("N")
    @usableFromInline static let bool = AttributeType("BOOL")
    @usableFromInline static let list = AttributeType("L")
    @usableFromInline static let map = AttributeType("M")
    static let binary = AttributeType("B")
    static let null = AttributeType("NULL")
    static let stringSet = AttributeType("SS")
    static let numberSet = AttributeType("NS")
}
