import COpenSSL

/// Comparisons whose time tells nothing about where two values differ.
public enum ConstantTime {
    /// Returns whether two byte strings are equal.
    ///
    /// - Parameters:
    ///   - left: Bytes; their number is no secret.
    ///   - right: Bytes to compare with.
    /// - Returns: Whether they are equal.
    public static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.withBytes { left in
            right.withBytes { right in
                left.count == right.count
                    && (left.isEmpty || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0)
            }
        }
    }
}
