import TallyWire
import Testing

@Suite struct NumberTests {
    @Test(arguments: [
        "0", "-0", "1", "+1", "007", "1.50", ".5", "5.", "1e5", "1E-5", "-12.5e+3", "1E-130", "9.9E125",
        "99999999999999999999999999999999999999", "0.00000000000000000000000000000000000000000000000000001",
        "12345678901234567890123456789012345678000000", "0e9999",
        "9.9999999999999999999999999999999999999E+125", "-9.9999999999999999999999999999999999999E+125",
    ])
    func `what DynamoDB can store is kept verbatim`(text: String) {
        #expect(Number(text)?.text == text)
        #expect(Number(text)?.description == text)
    }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "1,5", "0x1", "NaN", "Infinity", "１", "--1", "1e5.5",
        "1E-131", "0.9E-130", "1E126", "10E125", "1e99999", "1e-99999", "1e999999999999999999999999",
        "999999999999999999999999999999999999999", "1.00000000000000000000000000000000000001",
        "100000000000000000000000000000000000001",
    ])
    func `what DynamoDB cannot store is refused`(text: String) {
        #expect(Number(text) == nil)
    }

    @Test(arguments: [
        ("1.0", "1.00"), ("1", "1e0"), ("1", "+1"), ("0", "-0.000"), ("0", "0e5"), ("100", "1E2"), ("0.01", "1e-2"),
        ("1200", "12e2"), ("007", "7"), (".5", "0.50"),
        ("12345678901234567890123456789012345678", "1.2345678901234567890123456789012345678E37"),
    ])
    func `numbers of the same value are equal and hash alike`(left: String, right: String) throws {
        let left = try #require(Number(left))
        let right = try #require(Number(right))

        #expect(left == right)
        #expect(Set([left, right]).count == 1)
    }

    @Test(arguments: [("1", "-1"), ("1", "10"), ("0.1", "0.01"), ("1", "1.0000000000000000000000000000000000001")])
    func `numbers of different values are not equal`(left: String, right: String) throws {
        #expect(try #require(Number(left)) != #require(Number(right)))
    }

    @Test(arguments: [
        ("42", 42), ("-42.00", -42), ("4.2e1", 42), ("4200e-2", 42), ("0.0", 0), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min), ("-9.223372036854775808e18", Int.min), ("9223372036854775808", nil),
        ("1e19", nil), ("0.5", nil), ("1e100", nil), ("-9223372036854775809", nil),
        ("99999999999999999999999999999999999999", nil),
    ])
    func `a whole number is an Int however it is written`(text: String, int: Int?) throws {
        #expect(try #require(Number(text)).int == int)
    }

    @Test func `doubles are read and written to the nearest`() throws {
        #expect(Number("0.1")?.double == 0.1)
        #expect(Number("5.")?.double == 5)
        #expect(Number(exactly: 0.1)?.text == "0.1")
        #expect(Number(exactly: 3)?.text == "3")
        #expect(Number(exactly: -0.0)?.text == "0")
        #expect(Number(exactly: 1e100)?.double == 1e100)
        for value in [Double.nan, .infinity, 1e126, 1e-131, .leastNonzeroMagnitude] {
            #expect(Number(exactly: value) == nil)
        }
    }

    @Test func `literals and Ints are written plainly`() {
        let number: Number = -7

        #expect(number.text == "-7")
        #expect(Number(Int.min).int == Int.min)
    }
}
