import TallyTestServer
import Testing

@testable import TallyMetrics

@Suite struct CallDetailsTests {
    private let hot = ThrottleCause(reason: "TableReadKeyRangeThroughputExceeded", table: "orders", index: nil)
    private let full = ThrottleCause(
        reason: "IndexWriteProvisionedThroughputExceeded", table: "orders", index: "by-day")

    private func lines(
        _ calls: [CallRecord], trackingKeys: Bool = false, level: MetricsLevel = .summary
    ) throws -> JSONNode {
        let environment = ["AWS_LAMBDA_FUNCTION_NAME": "orders", "TALLY_METRICS_LEVEL": level.rawValue]
        let scope = MetricsScope(level: level, logger: .silent)
        if trackingKeys { InvocationMetrics(of: scope).trackKeys() }
        for call in calls { MetricsScope.record(call, in: scope, at: epoch) }
        return try EMFDocuments(of: scope, MetricsConfiguration { environment[$0] }).main
    }

    private func call(_ causes: [ThrottleCause] = [], key: String? = nil) -> CallRecord {
        record(on: "orders") { call in
            call.throttleCauses = causes
            call.keyHash = key
        }
    }

    @Test func `throttles are told by reason, table and index, the most frequent first`() throws {
        let reasons = try lines([call([hot]), call([full, full]), call([full])])["throttlingReasons"]?.elements ?? []

        #expect(reasons.map { $0["reason"]?.text } == [full.reason, hot.reason])
        #expect(reasons.map { $0["table"]?.text } == ["orders", "orders"])
        #expect(reasons.map { $0["index"]?.text } == ["by-day", nil])
        #expect(reasons.map { $0["n"]?.number } == [3, 1])
    }

    @Test func `an invocation without throttles has no member for them`() throws {
        let line = try lines([call()])

        #expect(line["throttlingReasons"] == nil)
        #expect(line["hotKeys"] == nil)
    }

    @Test func `beyond twenty causes throttles are counted as truncated`() throws {
        let calls = (0..<25).map { call([ThrottleCause(reason: "r", table: "t\($0)", index: nil)]) }

        let reasons = try lines(calls)["throttlingReasons"]?.elements ?? []

        #expect(reasons.count == 21)
        #expect(reasons.last?["truncated"]?.number == 5)
    }

    @Test func `an item whose partition was throttled is told by its hash, with its throttles`() throws {
        let keys = try lines([call([hot, hot], key: "aa"), call([hot], key: "bb")])["hotKeys"]?.elements ?? []

        #expect(keys.map { $0["key"]?.text } == ["aa", "bb"])
        #expect(keys.map { $0["throttles"]?.number } == [2, 1])
        #expect(keys.map { $0["table"]?.text } == ["orders", "orders"])
    }

    @Test func `only throttles because of its partition are an item's own`() throws {
        let keys = try lines([call([full, hot, full], key: "aa"), call([full], key: "bb")])["hotKeys"]?.elements ?? []

        #expect(keys.map { $0["key"]?.text } == ["aa", "bb"])
        #expect(keys.map { $0["throttles"]?.number } == [1, nil])
    }

    @Test func `the twenty keys with most calls are told, the calls for others as truncated`() throws {
        var calls = (0..<30).map { call(key: "k\($0)") }
        calls += (0..<5).map { _ in call(key: "k29") }

        let keys = try lines(calls, trackingKeys: true)["hotKeys"]?.elements ?? []

        #expect(keys.count == 21)
        #expect((keys.first?["key"]?.text, keys.first?["n"]?.number) == ("k29", 6))
        #expect(keys.last?["truncated"]?.number == 10)
    }

    @Test func `a thousand keys are kept, and calls for further ones counted`() throws {
        let scope = MetricsScope(logger: .silent)
        for number in 0..<1_010 { MetricsScope.record(call(key: "k\(number)"), in: scope, at: epoch) }

        #expect(scope.details().keys.count == 1_000)
        #expect(scope.details().untoldKeyCalls == 10)
    }

    @Test func `at level none nothing is kept and no key is tracked`() {
        let scope = MetricsScope(level: .none)
        let metrics = InvocationMetrics(of: scope)
        metrics.trackKeys()
        MetricsScope.record(call([hot], key: "aa"), in: scope, at: epoch)

        #expect(metrics.details.throttles.isEmpty)
        #expect(metrics.details.keys.isEmpty)
        #expect(!scope.tracksKeys)
    }

    @Test func `a handler reads what is known so far, and an inner scope tells the outer one`() {
        let scope = MetricsScope(logger: .silent)
        let inner = MetricsScope(parent: scope)
        InvocationMetrics(of: inner).trackKeys()
        MetricsScope.record(call([hot], key: "aa"), in: inner, at: epoch)

        #expect(scope.tracksKeys)
        #expect(InvocationMetrics(of: scope).details.throttles == [hot: 1])
        #expect(InvocationMetrics(of: scope).details.keys.map(\.keyHash) == ["aa"])
    }
}
