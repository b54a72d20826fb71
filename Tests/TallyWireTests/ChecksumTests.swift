import TallyTestServer
import TallyWire
import Testing

@Suite struct CRC32Tests {
    @Test func `the check value is that of the catalogue`() {
        #expect(checksum("123456789".utf8) == 0xCBF4_3926)
    }

    @Test func `values are those of zlib at every alignment`() {
        // zlib.crc32(bytes(range(n))) in Python, n = 0…19.
        let expected: [UInt32] = [
            0x0, 0xD202_EF8D, 0x36DE_2269, 0x0854_897F, 0x8BB9_8613, 0x515A_D3CC, 0x30EB_CF4A, 0xAD58_09F9,
            0x88AA_689F, 0xBCE1_4302, 0x456C_D746, 0xAD2D_8EE1, 0x9270_C965, 0xE6FE_46B8, 0x69EF_56C8, 0xA06C_675E,
            0xCECE_E288, 0x2C18_3A19, 0xDCF5_7F85, 0xBCB5_1C15,
        ]

        for (count, value) in expected.enumerated() {
            #expect(checksum(0..<UInt8(count)) == value)
        }
    }

    @Test func `pieces give the checksum of the whole, in base64 as S3 wants it`() {
        var checksum = CRC32()
        checksum.update("hello".utf8)
        checksum.update([])
        checksum.update(" world".utf8)

        #expect(checksum.base64 == "DUoRhQ==")
    }

    private func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
        var checksum = CRC32()
        checksum.update(bytes)
        return checksum.value
    }
}

@Suite struct CRC64NVMETests {
    @Test func `the check value is that of the catalogue`() {
        #expect(checksum("123456789".utf8) == 0xAE8B_1486_0A79_9888)
    }

    @Test func `blocks of 4 KiB have the checksums of the specification`() {
        // NVM Express NVM Command Set Specification 1.0, section 5.2.1.3.4, 64b CRC test cases.
        let rising = (0..<4096).map { UInt8(truncatingIfNeeded: $0) }

        #expect(checksum([UInt8](repeating: 0, count: 4096)) == 0x6482_D367_EB22_B64E)
        #expect(checksum([UInt8](repeating: 0xFF, count: 4096)) == 0xC0DD_BA73_02EC_A3AC)
        #expect(checksum(rising) == 0x3E72_9F5F_6750_449C)
        #expect(checksum(rising.reversed()) == 0x9A2D_F64B_8E9E_517E)
    }

    @Test func `pieces of any size give the checksum of the whole`() {
        let bytes = (0..<1024).map { UInt8(truncatingIfNeeded: $0) }

        for size in [1, 3, 7, 8, 9, 64, 1000, 1024] {
            var checksum = CRC64NVME()
            for start in stride(from: 0, to: bytes.count, by: size) {
                checksum.update(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(checksum.value == 0x888D_8D2F_18D0_1447)
        }
    }

    @Test func `the text is that of S3's header`() {
        var checksum = CRC64NVME()
        checksum.update("hello world".utf8)

        #expect(checksum.base64 == "jSnVw/bqjr4=")
        #expect(CRC64NVME.base64(checksum.value) == checksum.base64)
    }

    @Test func `combined checksums are those of the whole`() {
        var random = SeededGenerator(seed: 64)
        for _ in 0..<50 {
            let first = random.bytes(.random(in: 0...300, using: &random))
            let second = random.bytes(.random(in: 0...300, using: &random))

            let combined = CRC64NVME.combine(checksum(first), checksum(second), length: second.count)

            #expect(combined == checksum(first + second))
        }
    }

    @Test func `combined CRC-32s are those of the whole`() {
        func checksum(_ bytes: [UInt8]) -> UInt32 {
            var checksum = CRC32()
            checksum.update(bytes)
            return checksum.value
        }
        var random = SeededGenerator(seed: 32)
        for _ in 0..<50 {
            let first = random.bytes(.random(in: 0...300, using: &random))
            let second = random.bytes(.random(in: 0...300, using: &random))

            #expect(
                CRC32.combine(checksum(first), checksum(second), length: second.count) == checksum(first + second))
        }
    }

    @Test func `combining folds parts in order as an upload does`() {
        var random = SeededGenerator(seed: 65)
        let parts = (0..<4).map { random.bytes(5_000 + $0) }

        let whole = parts.reduce(checksum([])) { CRC64NVME.combine($0, checksum($1), length: $1.count) }

        #expect(whole == checksum(parts.flatMap { $0 }))
    }

    private func checksum(_ bytes: some Collection<UInt8>) -> UInt64 {
        var checksum = CRC64NVME()
        checksum.update(bytes)
        return checksum.value
    }
}
