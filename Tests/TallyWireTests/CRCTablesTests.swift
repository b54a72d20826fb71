import TallyTestServer
import Testing

@testable import TallyWire

@Suite struct CRCTablesTests {
    @Test func `long pieces have the checksum that tables alone give, from any register, length and alignment`() {
        check(CRCTables<UInt32>(polynomial: 0xEDB8_8320), CRCTables<UInt32>(polynomial: 0xEDB8_8320, folds: false))
        check(
            CRCTables<UInt64>(polynomial: 0x9A6C_9329_AC4B_C9B5),
            CRCTables<UInt64>(polynomial: 0x9A6C_9329_AC4B_C9B5, folds: false))
    }

    private func check<Register: FixedWidthInteger & UnsignedInteger & Sendable>(
        _ tables: CRCTables<Register>, _ plain: CRCTables<Register>
    ) {
        var generator = SeededGenerator(seed: 17)
        let bytes = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes.withUnsafeBytes { bytes in
            for length in Array(0..<700) + [1_024, 4_095] {
                let offset = min(length % 17, bytes.count - length)
                let piece = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
                let register = Register.random(in: 0...Register.max, using: &generator)
                #expect(tables.update(register, with: piece) == plain.update(register, with: piece))
            }
        }
    }
}
