import TallyWire
import Testing

@Suite struct TimestampTests {
    // datetime.fromisoformat(…).timestamp() in Python.
    static let instants: [(String, Int64)] = [
        ("1970-01-01T00:00:00", 0),
        ("2026-11-21T01:02:03", 1_795_222_923),
        ("2000-02-29T23:59:59", 951_868_799),
        ("1969-12-31T23:59:59", -1),
        ("1900-03-01T00:00:00", -2_203_891_200),
        ("2100-02-28T12:00:00", 4_107_499_200),
        ("2261-12-31T23:59:59", 9_214_646_399),
    ]

    @Test(arguments: instants)
    func `dates are those of the calendar in both directions`(text: String, seconds: Int64) {
        let time = Timestamp(nanosecondsSinceEpoch: seconds * 1_000_000_000)

        #expect(time.iso8601 == text + ".000Z")
        #expect(Timestamp(iso8601: text + "Z") == time)
    }

    @Test func `every day from 1890 to 2200 survives`() {
        for day in Int64(-29_220)..<84_006 {
            let time = Timestamp(nanosecondsSinceEpoch: (day * 86_400 + day & 0xFFFF) * 1_000_000_000)

            guard Timestamp(iso8601: time.iso8601) == time else {
                Issue.record("day \(day) became \(time.iso8601)")
                return
            }
        }
    }

    @Test func `the forms of SigV4 are those of its specification`() {
        let time = Timestamp(nanosecondsSinceEpoch: 1_795_222_923_999_999_999)

        #expect(time.sigV4 == "20261121T010203Z")
        #expect(time.sigV4Date == "20261121")
    }

    @Test func `milliseconds are cut off towards the past`() {
        #expect(Timestamp(nanosecondsSinceEpoch: 1_795_222_923_004_999_999).iso8601 == "2026-11-21T01:02:03.004Z")
        #expect(Timestamp(nanosecondsSinceEpoch: 1_999_999).milliseconds == 1)
        #expect(Timestamp(nanosecondsSinceEpoch: -1).milliseconds == -1)
        #expect(Timestamp(nanosecondsSinceEpoch: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 1_795_222_923_004).iso8601 == "2026-11-21T01:02:03.004Z")
    }

    @Test(arguments: [
        ("2026-11-21T01:02:03.004Z", 4_000_000), ("2026-11-21T01:02:03.4Z", 400_000_000),
        ("2026-11-21T01:02:03.123456789123Z", 123_456_789), ("2026-11-21T02:32:03.5+01:30", 500_000_000),
        ("2026-11-20T17:02:03-08:00", 0),
    ])
    func `decimals and zones are read`(text: String, nanoseconds: Int64) {
        #expect(
            Timestamp(iso8601: text)?.nanosecondsSinceEpoch == 1_795_222_923_000_000_000 + nanoseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T01:02:03", "2026-11-21 01:02:03Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T01:60:00Z", "2026-11-21T01:02:61Z", "2026-11-21T01:02:03.Z", "2026-11-21T01:02:03Zx",
        "2026-11-21T01:02:03+0100", "26-11-21T01:02:03Z", "2263-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
    ])
    func `other texts, impossible dates and dates out of range are refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `an HTTP date is read`() {
        let time = Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")

        #expect(time?.nanosecondsSinceEpoch == 784_111_777_000_000_000)
    }

    @Test(arguments: [
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 32 Dec 1994 08:49:37 GMT",
    ])
    func `other forms of date are refused`(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }

    @Test func `what is out of range becomes the first or last time there is`() {
        let last = Timestamp(nanosecondsSinceEpoch: .max)

        #expect(Timestamp(milliseconds: .max) == last)
        #expect(Timestamp(milliseconds: .min) == Timestamp(nanosecondsSinceEpoch: .min))
        #expect(last + .nanoseconds(1) == last)
        #expect(Timestamp.now() + .seconds(Int64.max) == last)
        #expect(last.iso8601 == "2262-04-11T23:47:16.854Z")
    }

    @Test func `a leap second counts as the second after it`() {
        #expect(Timestamp(iso8601: "2016-12-31T23:59:60Z") == Timestamp(iso8601: "2017-01-01T00:00:00Z"))
    }

    @Test func `times add and compare`() {
        let time = Timestamp(nanosecondsSinceEpoch: 5)

        #expect(time + .milliseconds(2) == Timestamp(nanosecondsSinceEpoch: 2_000_005))
        #expect(time + .nanoseconds(-6) < time)
        // The first of January 2026, long past.
        #expect(Timestamp.now().milliseconds > 1_767_225_600_000)
    }
}
