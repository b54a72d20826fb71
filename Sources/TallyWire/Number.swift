/// A decimal number with every digit it was written with, within DynamoDB's limits: at most 38 significant digits, and
/// zero or a magnitude from 1E-130 to 9.99…E+125.
///
/// Numbers are equal when their values are, however they are written:
///
///     Number("1.50") == Number("15e-1")
public struct Number: Sendable, Hashable, CustomStringConvertible, ExpressibleByIntegerLiteral {
    /// The number as it was written.
    public let text: String

    /// Creates a number from its text, kept verbatim; `nil` when this is no number or beyond DynamoDB's limits.
    ///
    /// - Parameter text: Digits with an optional sign, point and exponent, such as `-12.5e3`.
    public init?(_ text: String) {
        guard let canonical = Canonical(text), canonical.isWithinLimits else { return nil }
        self.text = text
    }

    /// Creates a whole number.
    ///
    /// - Parameter value: The number.
    public init(_ value: Int) {
        text = String(value)
    }

    /// Creates a whole number from a literal.
    ///
    /// - Parameter value: The number.
    public init(integerLiteral value: Int) {
        self.init(value)
    }

    /// Creates a number with the fewest digits that read back as the same `Double`; `nil` when it is infinite, not a
    /// number or beyond DynamoDB's limits.
    ///
    /// - Parameter value: The number.
    public init?(exactly value: Double) {
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 {
            self.init(whole)
        } else {
            self.init(value.description)
        }
    }

    /// The number when it is whole, however it is written, and fits an `Int`.
    public var int: Int? {
        // Nearly every number is written plainly.
        Int(text) ?? canonical.int
    }

    /// The nearest `Double`.
    public var double: Double {
        // Never nil: the C grammar of numbers includes the one that the initializer accepts.
        Double(text) ?? .nan
    }

    /// The number as it was written.
    public var description: String { text }

    // MARK: - Equality

    /// Returns whether two numbers have the same value.
    ///
    /// - Parameters:
    ///   - left: A number.
    ///   - right: Another number.
    /// - Returns: Whether they have the same value, however they are written.
    public static func == (left: Number, right: Number) -> Bool {
        left.text == right.text || left.canonical == right.canonical
    }

    /// Feeds the number's value to a hasher.
    ///
    /// - Parameter hasher: The hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonical)
    }

    /// The value as coefficient × 10^exponent, without trailing zeros in the coefficient.
    package var parts: (isNegative: Bool, coefficient: UInt128, exponent: Int) {
        (canonical.isNegative, canonical.coefficient, canonical.exponent)
    }

    private var canonical: Canonical {
        // The text was accepted by the initializer or written by Int, so it always parses.
        Canonical(text) ?? Canonical.zero
    }
}

extension Number {
    /// A decimal's value in its one form: coefficient × 10^exponent without trailing zeros in the coefficient.
    private struct Canonical: Hashable {
        static let zero = Canonical()

        private(set) var isNegative = false
        // 38 digits stay below 2^128.
        private(set) var coefficient: UInt128 = 0
        private(set) var exponent = 0
        private var digitCount = 0

        private init() {}

        /// Parses `[+-] digits [. digits] [e [+-] digits]` with at least one digit before the exponent; `nil` for
        /// anything else and for more than 38 significant digits.
        init?(_ text: String) {
            var rest = text.utf8[...]
            isNegative = Self.consumeSign(&rest)
            var hasDigits = false
            var isFraction = false
            // Zeros not yet known to be significant: they are when another digit follows.
            var pendingZeros = 0
            while let byte = rest.first {
                if byte == UInt8(ascii: "."), !isFraction {
                    isFraction = true
                } else if let digit = Self.digit(byte) {
                    hasDigits = true
                    if isFraction { exponent -= 1 }
                    if digit == 0 {
                        pendingZeros += 1
                    } else {
                        guard append(digit, after: pendingZeros) else { return nil }
                        pendingZeros = 0
                    }
                } else {
                    break
                }
                rest.removeFirst()
            }
            guard hasDigits, let power = Self.exponent(rest) else { return nil }
            if coefficient == 0 {
                self = .zero
            } else {
                exponent += pendingZeros + power
            }
        }

        /// Whether DynamoDB can store the value; the number of digits was checked while parsing.
        var isWithinLimits: Bool {
            coefficient == 0 || (-130...125).contains(exponent + digitCount - 1)
        }

        var int: Int? {
            guard (0...18).contains(exponent) else { return coefficient == 0 ? 0 : nil }
            var magnitude = coefficient
            for _ in 0..<exponent {
                let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                magnitude = product
            }
            guard let magnitude = Int128(exactly: magnitude) else { return nil }
            return Int(exactly: isNegative ? -magnitude : magnitude)
        }

        private mutating func append(_ digit: UInt8, after zeros: Int) -> Bool {
            let isFirst = coefficient == 0
            let added = isFirst ? 1 : zeros + 1
            guard digitCount + added <= 38 else { return false }
            digitCount += added
            for _ in 0..<(added - 1) { coefficient *= 10 }
            coefficient = coefficient * 10 + UInt128(digit)
            return true
        }

        private static func consumeSign(_ rest: inout Substring.UTF8View) -> Bool {
            guard let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
            rest.removeFirst()
            return sign == UInt8(ascii: "-")
        }

        /// Parses what follows the digits: nothing, or an exponent of at most four digits (no more can be in range).
        private static func exponent(_ rest: Substring.UTF8View) -> Int? {
            guard let mark = rest.first else { return 0 }
            var digits = rest.dropFirst()
            guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
            let isNegative = consumeSign(&digits)
            digits = digits.drop { $0 == UInt8(ascii: "0") && digits.count > 1 }
            guard (1...4).contains(digits.count) else { return nil }
            var power = 0
            for byte in digits {
                guard let digit = digit(byte) else { return nil }
                power = power * 10 + Int(digit)
            }
            return isNegative ? -power : power
        }

        private static func digit(_ byte: UInt8) -> UInt8? {
            byte &- UInt8(ascii: "0") < 10 ? byte - UInt8(ascii: "0") : nil
        }
    }
}
