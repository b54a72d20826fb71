extension Number {
    /// The value in its one form, such as `-15E-1` for -1.50: equal numbers have equal canonical texts.
    package var canonicalText: String {
        let (isNegative, coefficient, exponent) = parts
        return "\(isNegative ? "-" : "")\(coefficient)E\(exponent)"
    }
}
