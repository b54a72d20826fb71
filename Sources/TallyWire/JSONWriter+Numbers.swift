extension JSONWriter {
    /// Writes a whole number.
    ///
    /// - Parameter value: The number, of any size.
    @inlinable
    public mutating func integer(_ value: some BinaryInteger) {
        if let small = Int64(exactly: value) {
            digits(small)
        } else {
            raw(value.description.utf8)
        }
    }

    /// Writes a number with the fewest digits that read back as the same `Double`.
    ///
    /// - Parameter value: The number. JSON has neither infinities nor NaN: they are written as `null`.
    public mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, value != 0 || value.sign == .plus {
            return digits(whole)
        }
        raw(value.description.utf8)
    }

    /// Writes a number verbatim, so that no digit of an exact decimal is lost.
    ///
    /// - Parameter text: One valid JSON number; nothing is checked.
    @inlinable
    public mutating func number(text: String) {
        raw(text.utf8)
    }

    /// Writes a duration in milliseconds, rounded to whole microseconds, without exponent: `12`, `0.5`, `3.125`.
    ///
    /// - Parameter duration: The duration.
    public mutating func milliseconds(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let half: Int64 = attoseconds < 0 ? -500_000_000_000 : 500_000_000_000
        let fraction = (attoseconds + half) / 1_000_000_000_000
        // 128 bits cost ten times as much, and are for durations from 292,000 years on.
        if seconds.magnitude < 9_000_000_000_000 {
            thousandths(seconds * 1_000_000 + fraction)
        } else {
            thousandths(Int128(seconds) * 1_000_000 + Int128(fraction))
        }
    }

    /// Writes a number of thousandths, without zeros at the end.
    private mutating func thousandths(_ value: some FixedWidthInteger) {
        let (whole, thousandths) = value.magnitude.quotientAndRemainder(dividingBy: 1000)

        separate()
        needsComma = false
        if value < 0 { storage.append(UInt8(ascii: "-")) }
        integer(whole)
        guard thousandths != 0 else { return }
        storage.append(UInt8(ascii: "."))
        var rest = UInt64(thousandths)
        var unit: UInt64 = 100
        while rest != 0 {
            storage.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    @usableFromInline
    mutating func digits(_ value: Int64) {
        separate()
        // What most figures of a metrics line are.
        if 0..<10 ~= value { return storage.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
        if value < 0 { storage.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        // 20 digits hold 2^64.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            var start = 20
            repeat {
                start -= 1
                // SAFETY: the loop ends after at most 20 digits, so start stays within the buffer.
                buffer.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            } while rest != 0
            storage.append(contentsOf: buffer[start...])
        }
    }
}
