import TallyMetrics
import TallyWire
import Testing

@Suite struct CapacityEstimatorTests {
    private let kilobyte = 1024

    // The examples of AWS's pages on item sizes, on read and write operations and on prices.
    @Test(arguments: [
        (0, 1.0), (1, 1), (3_584, 1), (4_096, 1), (4_097, 2), (8_192, 2), (10_240, 3), (409_600, 100),
    ])
    func `a read takes one unit for each 4 KB begun, half of it eventually, the double in a transaction`(
        byteCount: Int, units: Double
    ) {
        #expect(CapacityEstimator.readUnits(forItemOf: byteCount, .strong) == units)
        #expect(CapacityEstimator.readUnits(forItemOf: byteCount, .eventual) == units / 2)
        #expect(CapacityEstimator.readUnits(forItemOf: byteCount) == units / 2)
        #expect(CapacityEstimator.readUnits(forItemOf: byteCount, .transactional) == units * 2)
    }

    @Test func `a page is rounded up once, items of a batch each by itself`() {
        let sizes = [3 * kilobyte / 2, 13 * kilobyte / 2]

        #expect(CapacityEstimator.readUnits(forPageOf: sizes, .strong) == 2)
        #expect(sizes.reduce(0) { $0 + CapacityEstimator.readUnits(forItemOf: $1, .strong) } == 3)
        #expect(CapacityEstimator.readUnits(forPageOf: [Int](repeating: 64, count: 1_500), .strong) == 24)
        #expect(CapacityEstimator.readUnits(forPageOf: [41_779], .strong) == 11)
    }

    @Test func `a page without items costs what the least page costs`() {
        #expect(CapacityEstimator.readUnits(forPageOf: [], .strong) == 1)
        #expect(CapacityEstimator.readUnits(forPageOf: []) == 0.5)
    }

    @Test(arguments: [(0, 1.0), (1, 1), (512, 1), (1_024, 1), (1_025, 2), (1_536, 2), (3_072, 3), (409_600, 400)])
    func `a write takes one unit for each 1 KB begun, the double in a transaction`(byteCount: Int, units: Double) {
        #expect(CapacityEstimator.writeUnits(forItemOf: byteCount) == units)
        #expect(CapacityEstimator.transactionWriteUnits(forItemOf: byteCount) == units * 2)
    }

    @Test func `a write takes what the larger of old and new item takes`() {
        #expect(CapacityEstimator.writeUnits(forItemOf: 100, before: 2_500) == 3)
        #expect(CapacityEstimator.writeUnits(forItemOf: 2_500, before: 100) == 3)
        #expect(CapacityEstimator.transactionWriteUnits(forItemOf: 0, before: 2_500) == 6)
    }

    private static let values: [(AttributeValue, Int)] = [
        (.string(""), 0), (.string("abc"), 3), (.string("Zürich €"), 11),
        (.binary([]), 0), (.binary([0, 1, 2]), 3), (.bool(true), 1), (.bool(false), 1), (.null, 1),
        (.list([]), 3), (.map([:]), 3), (.list([.null, .string("ab")]), 8),
        (.map(["name": .string("ab")]), 10), (.map(["name": .string("ab"), "é": .null]), 14),
        (.list([.map(["a": .list([])])]), 12),
        (.stringSet(["a", "bc", "é"]), 5), (.binarySet([[1], [2, 3]]), 3), (.numberSet([1, 100, -1]), 7),
    ]

    @Test(arguments: values)
    func `a value has the bytes of its contents, and a list or map 3 more and 1 for each element`(
        value: AttributeValue, expected: Int
    ) {
        #expect(CapacityEstimator.size(of: value) == expected)
    }

    @Test(arguments: [
        ("0", 1), ("-0", 1), ("0.00", 1), ("1", 2), ("12", 2), ("123", 3), ("1234", 3), ("100", 2), ("10", 2),
        ("1000", 2), ("-1", 3), ("1.2", 3), ("0.12", 2), ("0.1", 2), ("1.50", 3), ("1e125", 2),
        ("12345678901234567890123456789012345678", 20), ("-12345678901234567890123456789012345678", 21),
        ("1.2345678901234567890123456789012345678", 21),
    ])
    func `a number has 1 byte and 1 for each pair of its significant digits`(text: String, expected: Int) throws {
        #expect(CapacityEstimator.size(of: .number(try #require(Number(text)))) == expected)
    }

    @Test func `an item has the bytes of its attributes' names and values`() {
        let item: Item = [
            "pk": .string("DOC#1"), "größe": .number(1_234), "draft": .bool(true), "tags": .stringSet(["a", "bc"]),
        ]

        let sizes = [2 + 5, 7 + 3, 5 + 1, 4 + 3]
        #expect(CapacityEstimator.size(of: item) == sizes.reduce(0, +))
        #expect(CapacityEstimator.size(of: Item()) == 0)
    }
}
