extension JSONReader {
    /// Reads a number as it is written, so that no digit is lost.
    ///
    /// - Returns: The number's text.
    /// - Throws: ``JSONError`` when the next value is not a number.
    public mutating func numberText() throws(JSONError) -> String {
        text(in: try rawNumber())
    }

    /// Reads a whole number.
    ///
    /// - Returns: The number.
    /// - Throws: ``JSONError`` when the next value is not a number, has a fraction or an exponent, or does not fit.
    public mutating func integer() throws(JSONError) -> Int {
        let range = try rawNumber()
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value = 0
        for byte in bytes[range].dropFirst(isNegative ? 1 : 0) {
            guard byte &- UInt8(ascii: "0") < 10 else {
                throw JSONError(.numberOutOfRange, offset: range.lowerBound, "expected a whole number")
            }
            // Downwards, since the least Int has no positive counterpart.
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = product.subtractingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if overflow || isOver { throw tooLarge(at: range.lowerBound) }
            value = sum
        }
        if isNegative { return value }
        guard value != .min else { throw tooLarge(at: range.lowerBound) }
        return -value
    }

    /// Reads a number as the nearest `Double`.
    ///
    /// - Returns: The number.
    /// - Throws: ``JSONError`` when the next value is not a number, or beyond what a `Double` holds.
    public mutating func double() throws(JSONError) -> Double {
        let range = try rawNumber()
        if let value = shortDouble(in: range) { return value }
        guard let value = Double(text(in: range)), value.isFinite else { throw tooLarge(at: range.lowerBound) }
        return value
    }

    /// The value of a number of at most fifteen digits without an exponent, which is most there are: its digits and the
    /// power of ten are exact as `Double`, and so their quotient is the nearest one.
    ///
    /// Source: William D. Clinger, How to read floating point numbers accurately, 1990.
    private func shortDouble(in range: Range<Int>) -> Double? {
        guard range.count <= 15 else { return nil }
        var digits = 0.0
        var divisor = 1.0
        var isFraction = false
        for byte in bytes[range] {
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                digits = digits * 10 + Double(digit)
                if isFraction { divisor *= 10 }
            } else if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte != UInt8(ascii: "-") {
                return nil
            }
        }
        let value = digits / divisor
        return bytes[range.lowerBound] == UInt8(ascii: "-") ? -value : value
    }

    /// Reads a number without copying it.
    ///
    /// - Returns: Where the number stands.
    /// - Throws: ``JSONError`` when the next value is not a number.
    public mutating func rawNumber() throws(JSONError) -> Range<Int> {
        guard let first = peek(), first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else {
            throw unexpected("a number")
        }
        return try scanNumber()
    }

    /// Validates the number that begins at the reader's position and passes over it.
    mutating func scanNumber() throws(JSONError) -> Range<Int> {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        try scanDigits()
        if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
            throw JSONError(.invalidNumber, offset: integerStart, "number has a leading zero")
        }
        if byteHere == UInt8(ascii: ".") {
            position += 1
            try scanDigits()
        }
        if let exponent = byteHere, exponent | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = byteHere, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try scanDigits()
        }
        return start..<position
    }

    private mutating func scanDigits() throws(JSONError) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        if position > start { return }
        guard position < bytes.count else { throw unexpected("a digit") }
        throw JSONError(.invalidNumber, offset: position, unexpected("a digit").message)
    }

    private var byteHere: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func tooLarge(at offset: Int) -> JSONError {
        JSONError(.numberOutOfRange, offset: offset, "number is too large")
    }
}
