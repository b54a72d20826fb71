import TallyMetrics
import TallyTestServer
import Testing

@Suite struct TraceContextTests {
    private static let root = "1-5759e988-bd862e3fe1be46a994272793"

    @Test func `a header is read whole`() throws {
        let trace = try #require(
            TraceContext("Root=\(Self.root);Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:bfbc9ac7:0|2:68fd508a:5"))

        #expect(trace.root == Self.root)
        #expect(trace.parent == "53995c3f42cd8ad8")
        #expect(trace.isSampled == true)
        #expect(trace.lineage == "1:bfbc9ac7:0|2:68fd508a:5")
    }

    @Test(arguments: [("Sampled=1", true), ("Sampled=0", false), ("Sampled=?", nil), ("Sampled=", nil), ("", nil)])
    func `a trace is sampled when the header says 1`(field: String, expected: Bool?) {
        #expect(TraceContext("Root=\(Self.root);\(field)")?.isSampled == expected)
    }

    @Test(arguments: [
        "", ";", "=", "Root", "Root=", "root=1-5759e988-bd862e3fe1be46a994272793", "Sampled=1",
        "Root=1-5759e988-bd862e3fe1be46a99427279", "Root=1-5759e988-bd862e3fe1be46a9942727930",
        "Root=2-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e988_bd862e3fe1be46a994272793",
        "Root=1-5759e98g-bd862e3fe1be46a994272793", "Root=1-5759e988-bd862e3fe1be46a99427279ü",
    ])
    func `without a valid root there is no trace`(header: String) {
        #expect(TraceContext(header) == nil)
    }

    @Test(arguments: [
        "Parent=53995c3f", "Parent=53995c3f42cd8ad8a", "Parent=53995c3f42cd8adx", "Parent=", "Parent",
        "Lineage=", "Lineage=a\r\nX-Evil: 1", "Lineage=ü", "Self=1-67891233-12456789abcdef012345678", "x=y", "=", ";;",
    ])
    func `a field that is unknown or not of its form is passed over`(field: String) {
        #expect(TraceContext("\(field);Root=\(Self.root);Sampled=0") == TraceContext("Root=\(Self.root);Sampled=0"))
    }

    @Test func `of a field that occurs twice the first counts`() {
        let other = "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0;Lineage=b"
        let first = "Root=\(Self.root);Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a"

        #expect(TraceContext("\(first);\(other)")?.description == first)
    }

    @Test func `another parent takes the place of the header's`() throws {
        let trace = try #require(TraceContext("Lineage=1:a:0;Sampled=1;Parent=53995c3f42cd8ad8;Root=\(Self.root)"))

        #expect(
            trace.header(parent: "00000000000000ff")
                == "Root=\(Self.root);Parent=00000000000000ff;Sampled=1;Lineage=1:a:0")
        #expect(trace.header(parent: nil) == "Root=\(Self.root);Sampled=1;Lineage=1:a:0")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `whatever the order of the fields, what is printed is read back as the same`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let parent = Bool.random(using: &generator) ? Self.hex(16, using: &generator) : nil
        let isSampled = [true, false, nil].randomElement(using: &generator) ?? nil
        let lineage = Bool.random(using: &generator) ? "1:\(Self.hex(8, using: &generator)):0" : nil
        let root = "1-\(Self.hex(8, using: &generator))-\(Self.hex(24, using: &generator))"
        let fields = [
            "Root=\(root)", parent.map { "Parent=\($0)" }, isSampled.map { "Sampled=\($0 ? 1 : 0)" },
            lineage.map { "Lineage=\($0)" }, "Self=\(Self.hex(8, using: &generator))", "",
        ]
        let header = fields.compactMap { $0 }.shuffled(using: &generator).joined(separator: "; ")

        let trace = try #require(TraceContext(header))

        #expect(trace.root == root)
        #expect(trace.parent == parent)
        #expect(trace.isSampled == isSampled)
        #expect(trace.lineage == lineage)
        #expect(TraceContext(trace.description) == trace)
    }

    private static func hex(_ count: Int, using generator: inout SeededGenerator) -> String {
        String((0..<count).map { _ in "0123456789abcdefABCDEF".randomElement(using: &generator) ?? "0" })
    }
}
