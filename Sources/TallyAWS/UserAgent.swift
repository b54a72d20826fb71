/// What requests say about their sender.
enum UserAgent {
    /// The value of the `User-Agent` header.
    static let value = "tally/0.1.0"

    /// A random UUID (version 4) in its usual form.
    static func callID() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { buffer in
            let digits: StaticString = "0123456789abcdef"
            var position = 0
            for (word, index) in [high, low].flatMap({ word in (0..<16).map { (word, $0) } }) {
                if [8, 13, 18, 23].contains(position) {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                // SAFETY: the index is below 16, the length of `digits`.
                buffer[position] = digits.utf8Start[Int(word >> (60 - 4 * UInt64(index)) & 15)]
                position += 1
            }
            return position
        }
    }
}
