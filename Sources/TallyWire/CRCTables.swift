import CTally

/// Computes a reflected CRC: long pieces by carry-less multiplication where the processor has it, the rest eight bytes
/// at a time ("slicing by eight").
///
/// Table k holds, for each byte, its contribution when k more bytes follow it.
///
/// Source: <https://doi.org/10.1109/TC.2008.85> (Kounavis and Berry)
final class CRCTables<Register: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    // SAFETY: written only before the initializer returns, freed only by deinit.
    private nonisolated(unsafe) let entries: UnsafeMutablePointer<Register>

    private let polynomial: Register
    /// `nil` where the processor does not multiply without carry.
    private let powers: tally_crc_powers?

    init(polynomial: Register, folds: Bool = tally_crc_folds()) {
        self.polynomial = polynomial
        func power(_ exponent: Int) -> UInt64 {
            UInt64(Self.power(exponent, polynomial)) << (64 - Register.bitWidth)
        }
        powers =
            folds ? tally_crc_powers(x575: power(575), x511: power(511), x191: power(191), x127: power(127)) : nil
        entries = .allocate(capacity: 8 * 256)
        for byte in 0..<256 {
            var register = Register(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ polynomial : register >> 1 }
            entries[byte] = register
        }
        for index in 256..<(8 * 256) {
            let previous = entries[index - 256]
            entries[index] = previous >> 8 ^ entries[Int(truncatingIfNeeded: previous & 0xFF)]
        }
    }

    deinit {
        entries.deallocate()
    }

    func update(_ start: Register, with bytes: UnsafeRawBufferPointer) -> Register {
        let length = bytes.count & ~63
        guard length > 0, var powers else { return slice(start, bytes) }
        let remainder = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { folded in
            tally_crc_fold(bytes.baseAddress, length, UInt64(start), &powers, folded.baseAddress)
            return slice(0, UnsafeRawBufferPointer(folded))
        }
        return slice(remainder, UnsafeRawBufferPointer(rebasing: bytes[length...]))
    }

    private func slice(_ start: Register, _ bytes: UnsafeRawBufferPointer) -> Register {
        var register = start
        var position = 0
        // SAFETY: each load ends at or before bytes.count, and a byte indexes 256 entries of each of eight tables.
        while position &+ 8 <= bytes.count {
            let loaded = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let word = loaded ^ UInt64(truncatingIfNeeded: register)
            register = entry(7, word) ^ entry(6, word >> 8) ^ entry(5, word >> 16) ^ entry(4, word >> 24)
            register ^= entry(3, word >> 32) ^ entry(2, word >> 40) ^ entry(1, word >> 48) ^ entry(0, word >> 56)
            position &+= 8
        }
        while position < bytes.count {
            register = register >> 8 ^ entry(0, UInt64(truncatingIfNeeded: register) ^ UInt64(bytes[position]))
            position &+= 1
        }
        return register
    }

    @inline(__always)
    private func entry(_ table: Int, _ word: UInt64) -> Register {
        entries[table &* 256 &+ Int(truncatingIfNeeded: word & 0xFF)]
    }

    // MARK: - Combining

    /// The checksum of two pieces in a row, from theirs, in O(log `length`).
    func combine(_ first: Register, _ second: Register, length: Int) -> Register {
        // Appending n zero bits multiplies a remainder by x^n; the second piece's checksum is then added (xor).
        Self.multiply(first, Self.power(length * 8, polynomial), polynomial) ^ second
    }

    /// x^`exponent` modulo the polynomial; the highest bit of a reflected remainder is x^0.
    private static func power(_ exponent: Int, _ polynomial: Register) -> Register {
        var result = Register(1) << (Register.bitWidth - 1)
        var square = result >> 1
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = multiply(result, square, polynomial) }
            square = multiply(square, square, polynomial)
            rest >>= 1
        }
        return result
    }

    /// Multiplies two remainders modulo the polynomial.
    private static func multiply(_ left: Register, _ right: Register, _ polynomial: Register) -> Register {
        var product: Register = 0
        var right = right
        var bit = Register(1) << (Register.bitWidth - 1)
        while bit != 0 {
            if left & bit != 0 { product ^= right }
            right = right & 1 == 1 ? right >> 1 ^ polynomial : right >> 1
            bit >>= 1
        }
        return product
    }

    static func bigEndianBytes(_ value: Register) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
