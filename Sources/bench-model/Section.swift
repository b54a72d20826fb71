import Tally

/// A nested map of the big item.
struct Section: MapAttribute {
    let id: Int
    var label: String
    var flags: [Bool]
    var address: Address
    var lines: [Line]

    static let map = MapSchema(
        Section.init,
        .member("id", \.id),
        .member("label", \.label),
        .member("flags", \.flags),
        .member("address", \.address),
        .member("lines", \.lines)
    )

    struct Address: MapAttribute {
        var street: String
        var city: String
        var geo: Coordinate

        static let map = MapSchema(
            Address.init, .member("street", \.street), .member("city", \.city), .member("geo", \.geo))
    }

    struct Coordinate: MapAttribute {
        var lat: Double
        var lon: Double

        static let map = MapSchema(Coordinate.init, .member("lat", \.lat), .member("lon", \.lon))
    }

    struct Line: MapAttribute {
        let sku: String
        var qty: Int
        var price: Double
        var note: String

        static let map = MapSchema(
            Line.init, .member("sku", \.sku), .member("qty", \.qty), .member("price", \.price), .member("note", \.note))
    }

    static func sample(_ number: Int) -> Section {
        Section(
            id: number, label: "nested map \(number)", flags: [true, false, true],
            address: Address(
                street: "\(number) Long Street Name Avenue", city: "Springfield",
                geo: Coordinate(lat: 52.5, lon: 13.4)),
            lines: (0..<10).map { line in
                Line(
                    sku: "SKU-0000\(line)", qty: line, price: Double(line) * 1.25,
                    note: "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")
            })
    }
}

/// An element of a list in which numbers and strings take turns.
enum Cell: AttributeConvertible {
    case number(Int)
    case text(String)

    var attributeValue: AttributeValue? {
        switch self {
        case .number(let number): number.attributeValue
        case .text(let text): .string(text)
        }
    }

    init(attributeValue: AttributeValue?) throws(AttributeError) {
        if case .string(let text) = attributeValue {
            self = .text(text)
        } else {
            self = .number(try Int(attributeValue: attributeValue))
        }
    }

    static func samples(_ list: Int) -> [Cell] {
        (0..<16).map { element in
            element.isMultiple(of: 2)
                ? .number(element * 11) : .text("element-\(list)-\(element)-xxxxxxxxxxxxxxxxxxxx")
        }
    }
}
