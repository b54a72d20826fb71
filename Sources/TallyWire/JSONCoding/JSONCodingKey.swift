/// The name of a member or the number of an element, where no type has keys of its own.
struct JSONCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(_ number: Int) {
        stringValue = "\(number)"
        intValue = number
    }

    init(stringValue: String) { self.init(stringValue) }
    init(intValue: Int) { self.init(intValue) }

    static let superclass = JSONCodingKey("super")
}
