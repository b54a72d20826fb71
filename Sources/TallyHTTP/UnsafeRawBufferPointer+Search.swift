import Glibc

extension UnsafeRawBufferPointer {
    /// Where a byte is first; `nil` when it is nowhere.
    func firstOffset(of byte: UInt8) -> Int? {
        guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - start
    }
}
