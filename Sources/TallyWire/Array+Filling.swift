extension [UInt8] {
    /// Creates an array of bytes that are written in place, with room for one at least.
    ///
    /// Swift writes the count of an array without room into the one empty array that all threads share, which the
    /// thread sanitizer rightly reports.
    ///
    /// - Parameters:
    ///   - room: How many bytes may be written.
    ///   - fill: Writes them, and returns how many there are.
    init(room: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        self.init(unsafeUninitializedCapacity: Swift.max(1, room)) { bytes, count in
            count = fill(UnsafeMutableBufferPointer(rebasing: bytes[..<room]))
        }
    }
}
