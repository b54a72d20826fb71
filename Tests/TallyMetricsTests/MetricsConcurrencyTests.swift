import Synchronization
import TallyMetrics
import Testing

@Suite struct MetricsConcurrencyTests {
    @Test func `totals are exact whatever runs side by side`() async {
        let scope = MetricsScope()
        let model = ModelName(rawValue: "Document")

        await withTaskGroup { group in
            for task in 0..<16 {
                group.addTask {
                    for turn in 0..<1_000 {
                        scope.begin(for: [model])
                        let call = record(.dynamoDB, "PutItem", on: "table-\(task % 4)", models: [model]) { call in
                            call.duration = .microseconds(turn)
                            call.attempts = 2
                            call.writeUnits = 0.5
                        }
                        MetricsScope.record(call, in: scope)
                        scope.countKeyReuse(for: [model])
                    }
                }
            }
        }

        for metrics in [scope.snapshot(), scope.snapshot(for: model)] {
            #expect(metrics.operationCount == 16_000)
            #expect(metrics.dynamoDBAttempts == 32_000)
            #expect(metrics.dynamoDBRetries == 16_000)
            #expect(metrics.dynamoDBDuration == .microseconds(16 * 999 * 500))
            #expect(metrics.writeUnits == 8_000)
            #expect(metrics.kmsCacheHits == 16_000)
            #expect(metrics.operations.map(\.totals.calls) == [4_000, 4_000, 4_000, 4_000])
            #expect(metrics.estimatedCost == 5_000)
        }
    }

    @Test func `invocations side by side do not see each other's calls`() async {
        let counts = await withTaskGroup(of: Int.self) { group in
            for invocation in 1...8 {
                group.addTask {
                    let scope = MetricsScope(InvocationInfo(requestID: "\(invocation)"))
                    await MetricsScope.$current.withValue(scope) {
                        for _ in 0..<(invocation * 100) {
                            let current = MetricsScope.current
                            current?.begin()
                            await Task.yield()
                            MetricsScope.record(record(), in: current)
                        }
                    }
                    return scope.snapshot().operationCount - invocation * 100
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(counts == [Int](repeating: 0, count: 8))
    }

    @Test func `exactly one of many claims the line`() async {
        for _ in 0..<200 {
            let scope = MetricsScope()
            let winners = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { scope.claimLine() }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }
}
