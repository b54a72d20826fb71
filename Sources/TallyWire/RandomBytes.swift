import COpenSSL

/// Bytes that nobody can predict, from OpenSSL's generator.
public enum RandomBytes {
    /// Generates bytes fit for keys and nonces.
    ///
    /// Ends the process when the system has no randomness to give.
    ///
    /// - Parameter count: How many, from 0 to 2,147,483,647.
    /// - Returns: The bytes.
    public static func generate(_ count: Int) -> [UInt8] {
        [UInt8](room: count) { bytes in
            guard count == 0 || RAND_bytes(bytes.baseAddress, Int32(count)) == 1 else {
                fatalError("OpenSSL: no random bytes; the system's source of randomness is not available")
            }
            return count
        }
    }
}
