extension Collection where Element == UInt8 {
    /// Calls `body` with the bytes in one piece; copies them first only where they are not contiguous.
    @inlinable
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let result = withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) {
            return result
        }
        return Array(self).withUnsafeBufferPointer { body(UnsafeRawBufferPointer($0)) }
    }
}
