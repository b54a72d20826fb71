/// SplitMix64: the same numbers for the same seed, so that a failing case can be run again.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Creates a generator.
    ///
    /// - Parameter seed: What it begins with; the same gives the same numbers.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Bytes of any value.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Text that favours what writers and readers get wrong: controls, quotes, slashes, characters of every length.
    package mutating func text(upTo maximum: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...maximum, using: &self) {
            let range: ClosedRange<UInt32> =
                [
                    0x00...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0x2020...0x2030,
                    0x1_F600...0x1_F64F,
                ]
                .randomElement(using: &self) ?? 0x41...0x5A
            text.unicodeScalars.append(Unicode.Scalar(.random(in: range, using: &self)) ?? "?")
        }
        return text
    }
}
