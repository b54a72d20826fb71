/// A decimal number in the parts in which Foundation's `Decimal` codes itself.
struct DecimalParts {
    let exponent: Int
    let isNegative: Bool
    let mantissa: UInt128

    init(exponent: Int, isNegative: Bool, mantissa: UInt128) {
        self.exponent = exponent
        self.isNegative = isNegative
        self.mantissa = mantissa
    }

    /// Takes a number of JSON; `nil` where it has more digits or a greater exponent than a `Decimal`.
    init?(_ text: String) {
        let parts = text.utf8.split(whereSeparator: { $0 | 0x20 == UInt8(ascii: "e") })
        guard let digits = parts.first, let exponent = parts.count > 1 ? Int(Substring(parts[1])) : 0 else {
            return nil
        }
        var mantissa: UInt128 = 0
        // Zeros count once a digit follows them; at the end they are part of the exponent.
        var zeros = 0
        var decimals = 0
        var isFraction = false
        for byte in digits where byte != UInt8(ascii: "-") {
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            if isFraction { decimals += 1 }
            zeros += 1
            guard byte != UInt8(ascii: "0") else { continue }
            while zeros > 0 {
                let (product, isTooLarge) = mantissa.multipliedReportingOverflow(by: 10)
                if isTooLarge { return nil }
                mantissa = product
                zeros -= 1
            }
            let (sum, isTooLarge) = mantissa.addingReportingOverflow(UInt128(byte - UInt8(ascii: "0")))
            if isTooLarge { return nil }
            mantissa = sum
        }
        guard mantissa != 0 else {
            self.init(exponent: 0, isNegative: false, mantissa: 0)
            return
        }
        let (scale, isBeyond) = exponent.addingReportingOverflow(zeros - decimals)
        if isBeyond { return nil }
        guard Int(Int8(clamping: scale)) == scale else { return nil }
        self.init(exponent: scale, isNegative: digits.first == UInt8(ascii: "-"), mantissa: mantissa)
    }

    /// The mantissa in 16 bits each, the lowest first.
    private var words: [UInt16] { (0..<8).map { UInt16(truncatingIfNeeded: mantissa >> ($0 * 16)) } }

    func write(to json: inout JSONWriter) {
        let words = words
        json.beginObject()
        json.key("exponent")
        json.integer(exponent)
        json.key("length")
        json.integer(words.count - words.reversed().prefix { $0 == 0 }.count)
        json.key("isNegative")
        json.bool(isNegative)
        json.key("isCompact")
        json.bool(true)
        json.key("mantissa")
        json.beginArray()
        for word in words { json.integer(word) }
        json.endArray()
        json.endObject()
    }
}
