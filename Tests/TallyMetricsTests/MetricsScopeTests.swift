import TallyMetrics
import Testing

private let document = ModelName(rawValue: "Document")
private let account = ModelName(rawValue: "Account")

@Suite struct MetricsScopeTests {
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { epoch + .milliseconds(milliseconds) }

    @Test func `a call over several models counts once in the invocation and once in each`() {
        let scope = MetricsScope()

        MetricsScope.record(record(models: [document, account, document]), in: scope)

        #expect(scope.snapshot().operationCount == 1)
        #expect(scope.snapshot(for: document).operationCount == 1)
        #expect(scope.snapshot(for: account).operationCount == 1)
    }

    @Test func `a call without a model is in no model's figures`() {
        let scope = MetricsScope()

        MetricsScope.record(record(), in: scope)

        #expect(scope.snapshot().operationCount == 1)
        #expect(scope.snapshot(for: document).operationCount == 0)
    }

    @Test func `a reset moves one model's figures and nothing else`() {
        let scope = MetricsScope()
        MetricsScope.record(record(models: [document, account]), in: scope)
        scope.countKeyReuse(for: [document])

        scope.reset(document)

        #expect(scope.snapshot(for: document) == MetricsSnapshot(operations: [], awsWaitTime: .zero))
        #expect(scope.last(for: document) == nil)
        #expect(scope.snapshot(for: account).operationCount == 1)
        #expect(scope.snapshot().operationCount == 1)

        MetricsScope.record(record(models: [document]), in: scope)
        #expect(scope.snapshot(for: document).operationCount == 1)
        #expect(scope.snapshot().operationCount == 2)
    }

    @Test func `the last record is the model's own`() {
        let scope = MetricsScope()
        MetricsScope.record(record(.kms, "Decrypt", models: [document]), in: scope)
        MetricsScope.record(record(.s3, "GetObject", models: [account]), in: scope)

        #expect(scope.last(for: document)?.operation == "Decrypt")
        #expect(scope.last(for: account)?.operation == "GetObject")
        #expect(scope.last(for: ModelName(rawValue: "Other")) == nil)
    }

    @Test(arguments: [false, true])
    func `each call takes the place of the last, in every model and scope that it touched`(isNested: Bool) {
        let outer = MetricsScope()
        let scope = isNested ? MetricsScope(parent: outer) : outer
        for (number, models) in [[document], [document, account], [account], [document]].enumerated() {
            MetricsScope.record(record(.dynamoDB, "Call\(number)", models: models), in: scope)
        }

        for scope in [scope, outer] {
            #expect(scope.last(for: document)?.operation == "Call3")
            #expect(scope.last(for: account)?.operation == "Call2")
            #expect(scope.last(for: account)?.models == [account])
            #expect(scope.snapshot(for: document).operationCount == 3)
            #expect(scope.snapshot().operationCount == 4)
        }
    }

    @Test func `the wait time is the union of the calls, for the invocation and for each model`() {
        let scope = MetricsScope()
        scope.begin(for: [document], at: at(0))
        scope.begin(for: [account], at: at(6))
        MetricsScope.record(record(models: [document], startedAt: at(0)), in: scope, at: at(10))
        MetricsScope.record(record(models: [account], startedAt: at(6)), in: scope, at: at(16))
        scope.begin(at: at(20))

        #expect(scope.snapshot(at: at(25)).awsWaitTime == .milliseconds(21))
        #expect(scope.snapshot(for: document, at: at(25)).awsWaitTime == .milliseconds(10))
        #expect(scope.snapshot(for: account, at: at(25)).awsWaitTime == .milliseconds(10))
    }

    @Test func `reuse of a data key counts as a hit and as no call`() {
        let scope = MetricsScope()

        scope.countKeyReuse(for: [document], count: 3)
        scope.countKeyReuse()

        #expect(scope.snapshot().kmsCacheHits == 4)
        #expect(scope.snapshot().kmsCalls == 0)
        #expect(scope.snapshot(for: document).kmsCacheHits == 3)
        #expect(scope.snapshot(for: account).kmsCacheHits == 0)
    }

    @Test func `at level none nothing is recorded and snapshots say so`() {
        let scope = MetricsScope(level: .none)
        scope.begin(for: [document])
        MetricsScope.record(record(models: [document]), in: scope)
        scope.countKeyReuse()

        #expect(scope.snapshot() == .unrecorded)
        #expect(scope.snapshot(for: document) == .unrecorded)
        #expect(!scope.snapshot().isRecorded)
        #expect(scope.last(for: document) == nil)
        #expect(MetricsScope().snapshot().isRecorded)
    }

    @Test func `beyond twenty rows calls are summed in one row per service`() throws {
        let scope = MetricsScope()
        for number in 0..<30 {
            MetricsScope.record(record(on: "table-\(number)"), in: scope)
        }
        MetricsScope.record(record(.s3, "GetObject", on: "bucket"), in: scope)
        MetricsScope.record(record(on: "table-0"), in: scope)

        let operations = scope.snapshot().operations
        #expect(operations.count == 22)
        let others = operations.filter { $0.key.operation == "other" }
        #expect(others.map(\.key.service) == [.dynamoDB, .s3])
        #expect(others.map(\.totals.calls) == [10, 1])
        #expect(operations.first { $0.key.resource == "table-0" }?.totals.calls == 2)
        #expect(scope.snapshot().operationCount == 31)
    }

    @Test func `a scope within a scope tells both`() {
        let outer = MetricsScope()
        let inner = MetricsScope(parent: outer)
        inner.begin(for: [document], at: at(0))
        #expect(outer.snapshot(at: at(3)).awsWaitTime == .milliseconds(3))
        MetricsScope.record(record(models: [document], startedAt: at(0)), in: inner, at: at(4))
        inner.countKeyReuse()
        MetricsScope.record(record(.kms, "Decrypt", startedAt: at(4)), in: outer, at: at(5))

        #expect(inner.snapshot().operationCount == 1)
        #expect(inner.snapshot().kmsCalls == 0)
        #expect(outer.snapshot().operationCount == 1)
        #expect(outer.snapshot().kmsCalls == 1)
        #expect(outer.snapshot().kmsCacheHits == 1)
        #expect(outer.snapshot(for: document).awsWaitTime == .milliseconds(4))
        #expect(outer.snapshot().awsWaitTime == .milliseconds(5))
    }

    @Test func `child tasks and unstructured tasks inherit the scope, detached ones do not`() async {
        let scope = MetricsScope()
        await MetricsScope.$current.withValue(scope) {
            async let child = MetricsScope.current
            let isInherited = await child === scope
            #expect(isInherited)
            await Task { #expect(MetricsScope.current === scope) }.value
            await Task.detached { #expect(MetricsScope.current == nil) }.value
        }
        #expect(MetricsScope.current == nil)
    }
}
