import TallyMetrics
import TallyWire
import Testing

@Suite struct InvocationInfoTests {
    @Test(arguments: [
        ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f;Sampled=1", "1-5759e988-bd862e3fe1be46a994272793"),
        ("Sampled=0;Root=1-5759e988-bd862e3fe1be46a994272793", "1-5759e988-bd862e3fe1be46a994272793"),
        ("Sampled=0", nil), ("", nil), (nil, nil),
    ])
    func `the trace's id is the root of the header`(header: String?, expected: String?) {
        #expect(InvocationInfo(traceHeader: header).traceID == expected)
    }

    @Test func `a wall-clock deadline becomes an instant as far away`() {
        let now = Timestamp(nanosecondsSinceEpoch: 1_795_219_143_364_000_000)
        let deadline = Timestamp(nanosecondsSinceEpoch: now.nanosecondsSinceEpoch + 3_000_000_000)

        let before = ContinuousClock.now
        let instant = InvocationInfo.instant(of: deadline, now: now)
        let after = ContinuousClock.now

        #expect(before + .seconds(3) <= instant)
        #expect(instant <= after + .seconds(3))
    }
}
