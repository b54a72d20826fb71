import TallyMetrics
import TallyTestServer
import Testing

@Suite struct CallTotalsTests {
    @Test func `a call enters with each of its figures`() {
        let call = record { call in
            call.duration = .milliseconds(7)
            call.retryDelay = .milliseconds(3)
            call.attempts = 3
            call.throttles = 2
            call.readUnits = 0.5
            call.writeUnits = 2
            call.itemCount = 4
            call.scannedCount = 9
            call.bytesUploaded = 10
            call.bytesDownloaded = 20
            call.bytesResent = 30
        }

        let totals = CallTotals(call, prices: .usEast1)

        #expect(totals.calls == 1)
        #expect(totals.duration == .milliseconds(7))
        #expect(totals.retryDelay == .milliseconds(3))
        #expect(totals.attempts == 3)
        #expect(totals.retries == 2)
        #expect(totals.throttles == 2)
        #expect(totals.errors == 0)
        #expect(totals.conditionalFailures == 0)
        #expect(totals.readUnits == 0.5)
        #expect(totals.writeUnits == 2)
        #expect(totals.itemCount == 4)
        #expect(totals.scannedCount == 9)
        #expect(totals.bytesUploaded == 10)
        #expect(totals.bytesDownloaded == 20)
        #expect(totals.bytesResent == 30)
        #expect(totals.estimatedCost == 0.5 * 0.125 + 2 * 0.625)
    }

    @Test func `retries are attempts less calls, and a call that made no attempt has none`() {
        var totals = CallTotals()
        for attempts in [1, 3, 2] {
            totals += CallTotals(record { $0.attempts = attempts }, prices: .usEast1)
        }
        #expect(totals.retries == totals.attempts - totals.calls)

        let neverSent = CallTotals(record { $0.attempts = 0 }, prices: .usEast1)
        #expect(neverSent.retries == 0)
        #expect(neverSent.calls == 1)
    }

    @Test func `a condition that does not hold is no error`() {
        let conditional = CallTotals(record { $0.outcome = .conditionalFailure }, prices: .usEast1)
        let failed = CallTotals(record { $0.outcome = .error }, prices: .usEast1)

        #expect(conditional.conditionalFailures == 1)
        #expect(conditional.errors == 0)
        #expect(failed.conditionalFailures == 0)
        #expect(failed.errors == 1)
        #expect((conditional + failed).calls == 2)
    }

    @Test func `an unknown figure is nil until a call tells it, and never 0`() {
        let untold = CallTotals(record(), prices: .usEast1)
        let told = CallTotals(record { $0.readUnits = 1.5 }, prices: .usEast1)

        #expect((untold + untold).readUnits == nil)
        #expect((untold + told).readUnits == 1.5)
        #expect((told + untold).readUnits == 1.5)
        #expect((told + told).writeUnits == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e300])
    func `capacity that no service can have meant is unknown`(units: Double) {
        let totals = CallTotals(
            record { call in
                call.readUnits = units
                call.writeUnits = units
            }, prices: .usEast1)

        #expect(totals.readUnits == nil)
        #expect(totals.writeUnits == nil)
        #expect(totals.picoUSD == 0)
    }

    @Test func `bytes are priced in both directions, those of attempts that came to nothing included`() {
        var prices = PriceBook.usEast1
        prices.transferClass = .nat
        let upload = record(.s3, "PutObject") { call in
            call.bytesUploaded = 3 << 20
            call.bytesResent = 5 << 20
        }
        let download = record(.s3, "GetObject") { $0.bytesDownloaded = 16 << 20 }

        // 45,000 millionths of a dollar for 1,024 MiB, so 43,945,312.5 picodollars for each.
        #expect(CallTotals(upload, prices: prices).picoUSD == 5_000_000 + 351_562_500)
        #expect(CallTotals(download, prices: prices).picoUSD == 400_000 + 703_125_000)
        #expect(CallTotals(upload, prices: .usEast1).picoUSD == 5_000_000)
    }

    @Test(arguments: 0..<20)
    func `what calls cost sums to the same figure in any order and grouping`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var prices = PriceBook(region: "eu-central-1")
        prices.transferClass = .crossRegion
        let costs = (0..<50).map { _ in CallTotals(.random(using: &generator), prices: prices) }

        let whole = costs.reduce(CallTotals(), +)
        let shuffled = costs.shuffled(using: &generator)
        let cut = Int.random(in: 0...costs.count, using: &generator)
        let parts = shuffled[..<cut].reduce(CallTotals(), +) + shuffled[cut...].reduce(CallTotals(), +)

        #expect(whole.picoUSD > 0)
        #expect(parts == whole)
    }
}
