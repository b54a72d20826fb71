import Testing

@testable import TallyMetrics

@Suite(.ownLateCalls) struct LateCallsTests {
    @Test func `a call without a scope is told in the next line`() {
        MetricsScope.record(record(), in: nil)
        MetricsScope.record(record(), in: nil)

        #expect(MetricsScope.lateCalls == 2)
        #expect(MetricsScope.drainLateCalls() == 2)
        #expect(MetricsScope.drainLateCalls() == 0)
    }

    @Test func `a call that ends after its line is late, and in no one's figures`() {
        let first = MetricsScope()
        let second = MetricsScope()
        MetricsScope.record(record(), in: first)
        #expect(first.claimLine())

        MetricsScope.record(record(models: [ModelName(rawValue: "Document")]), in: first)

        #expect(first.snapshot().operationCount == 1)
        #expect(first.snapshot(for: ModelName(rawValue: "Document")).operationCount == 0)
        #expect(second.snapshot().operationCount == 0)
        #expect(MetricsScope.drainLateCalls() == 1)
    }

    @Test func `a call of an inner scope is late when the outer line is written`() {
        let outer = MetricsScope()
        let inner = MetricsScope(parent: outer)
        #expect(outer.claimLine())

        MetricsScope.record(record(), in: inner)

        #expect(inner.snapshot().operationCount == 1)
        #expect(outer.snapshot().operationCount == 0)
        #expect(MetricsScope.drainLateCalls() == 1)
    }

    @Test(arguments: 0..<20)
    func `whenever the line is claimed, each call is in it or late, and never both`(round: Int) async {
        let scope = MetricsScope()

        let inLine = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 { MetricsScope.record(record(), in: scope) }
                    return 0
                }
            }
            group.addTask {
                for _ in 0..<round { await Task.yield() }
                #expect(scope.claimLine())
                return scope.snapshot().operationCount
            }
            return await group.reduce(0, +)
        }

        #expect(inLine + MetricsScope.drainLateCalls() == 2_000)
        #expect(scope.snapshot().operationCount == inLine)
    }
}

/// Late calls are counted for the process, where the tests of other modules may make some.
private struct OwnLateCalls: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await MetricsScope.$late.withValue(LateCallCounter(), operation: function)
    }
}

extension Trait where Self == OwnLateCalls {
    fileprivate static var ownLateCalls: Self { OwnLateCalls() }
}
