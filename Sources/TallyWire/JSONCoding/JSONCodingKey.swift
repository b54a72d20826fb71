/// The name of a member or the number of an element, where no type has keys of its own.
struct JSONCodingKey: CodingKey {
    private let name: String?
    let intValue: Int?

    init(_ name: String) {
        self.name = name
        intValue = nil
    }

    init(_ number: Int) {
        name = nil
        intValue = number
    }

    // Of a number made when it is asked for: each element that is encoded has such a key.
    var stringValue: String { name ?? intValue.map { "\($0)" } ?? "" }

    init(stringValue: String) { self.init(stringValue) }
    init(intValue: Int) { self.init(intValue) }

    static let superclass = JSONCodingKey("super")
}
