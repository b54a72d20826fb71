/// The beginning of an object with a short first name, `{"S":`, as one word that is compared or written at once.
package struct JSONOpening: Sendable {
    let word: UInt64
    let mask: UInt64
    let length: Int

    /// Prepares a beginning.
    ///
    /// - Parameter name: The name, one to four letters.
    package init(_ name: StaticString) {
        let length = name.utf8CodeUnitCount + 4
        precondition(length > 4 && length <= 8, "JSONOpening: the name has one to four letters")
        var word: UInt64 = 0
        let text = Array("{\"\(name)\":".utf8)
        for byte in text.reversed() { word = word << 8 | UInt64(byte) }
        (self.word, self.length) = (UInt64(littleEndian: word), length)
        mask = UInt64(littleEndian: length == 8 ? .max : 1 << UInt64(length * 8) - 1)
    }
}
