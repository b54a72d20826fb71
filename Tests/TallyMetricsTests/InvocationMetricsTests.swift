import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite(.ownLateMetrics) struct InvocationMetricsTests {
    // MARK: - Reading

    @Test func `the calls' figures read as those of a snapshot`() {
        let scope = MetricsScope()
        MetricsScope.record(record(.kms, "Decrypt"), in: scope)
        let metrics = InvocationMetrics(of: scope)

        #expect(metrics.kmsCalls == 1)
        #expect(metrics.operations.count == 1)
        #expect(metrics.snapshot == scope.snapshot())
        #expect("\(metrics)" == "\(scope.snapshot())")
    }

    @Test func `what was added can be read`() {
        let metrics = InvocationMetrics(of: MetricsScope())
        metrics.add("Orders", 1)
        metrics.add("Orders", 2)

        #expect(metrics.values(of: "Orders") == [1, 2])
        #expect(metrics.values(of: "Parcels") == [])
    }

    // MARK: - Scope

    @Test func `at level none nothing is stored and nothing counted`() {
        let scope = MetricsScope(level: .none)
        let metrics = InvocationMetrics(of: scope)

        metrics.add("Orders", 1)
        metrics.add("Orders", .nan)
        metrics.setProperty("order", Trap())
        metrics.addDimensions(["shop": "berlin"])

        #expect(scope.userMetrics() == nil)
        #expect(MetricsScope.drainLateMetrics() == 0)
    }

    @Test func `without a scope nothing is taken, and the next line tells how much`() {
        #expect(InvocationMetrics.current.kmsCalls == 0)

        InvocationMetrics.current.add("Orders", 1)
        InvocationMetrics.current.setProperty("order", "o-1")

        #expect(InvocationMetrics.current.values(of: "Orders") == [])
        #expect(MetricsScope.drainLateMetrics() == 2)
        #expect(MetricsScope.drainLateMetrics() == 0)
    }

    @Test func `what comes after the line is in nobody's figures, and the next line tells how much`() {
        let (first, second) = (MetricsScope(logger: .silent), MetricsScope(logger: .silent))
        InvocationMetrics(of: first).add("Orders", 1)
        #expect(first.claimLine())

        InvocationMetrics(of: first).add("Orders", 2)

        #expect(InvocationMetrics(of: first).values(of: "Orders") == [1])
        #expect(second.userMetrics() == nil)
        #expect(MetricsScope.drainLateMetrics() == 1)
    }

    @Test func `metrics of an inner scope are the outer's, too`() async {
        let outer = MetricsScope(logger: .silent)

        await MetricsScope.$current.withValue(outer) {
            await Metrics.withScope {
                InvocationMetrics.current.add("Orders", 1)
                #expect(InvocationMetrics.current.values(of: "Orders") == [1])
            }
            await Metrics.withScope(level: .none) {
                InvocationMetrics.current.add("Orders", 2)
                InvocationMetrics.current.setProperty("order", "o-2")
            }
        }

        #expect(outer.userMetrics()?.values(of: "Orders") == [1, 2])
        #expect(outer.userMetrics()?.main.properties.count == 1)
    }

    @Test func `no value is lost or doubled by threads (Powertools: 24,446 of 24,000)`() async throws {
        let scope = MetricsScope(logger: .silent)

        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<3_000 { InvocationMetrics(of: scope).add("Orders", task * 3_000 + number) }
                }
            }
        }
        let lines = try EMFDocuments(of: scope, try MetricsConfiguration { ["TALLY_SERVICE": "orders"][$0] })

        #expect(lines.values(of: "Orders").joined().sorted() == (0..<24_000).map(Double.init))
    }

    @Test(arguments: 0..<20)
    func `whenever the line is claimed, each value is on it or late, and never both`(round: Int) async {
        let scope = MetricsScope(logger: .silent)

        let inLine = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 { InvocationMetrics(of: scope).add("Orders", 1) }
                    return 0
                }
            }
            group.addTask {
                for _ in 0..<round { await Task.yield() }
                #expect(scope.claimLine())
                return InvocationMetrics(of: scope).values(of: "Orders").count
            }
            return await group.reduce(0, +)
        }

        #expect(inLine + MetricsScope.drainLateMetrics() == 2_000)
        #expect(InvocationMetrics(of: scope).values(of: "Orders").count == inLine)
    }

    // MARK: - Warnings

    @Test func `each name is warned of once, with what was seen and what to do`() throws {
        let lines = Pipe.lines { output in
            for request in ["r-1", "r-2"] {
                let scope = MetricsScope(InvocationInfo(requestID: request), logger: Logger(output: output))
                let metrics = InvocationMetrics(of: scope)
                metrics.add("Weight", .nan)
                metrics.add("Weight", .infinity)
                metrics.add("service", 1)
            }
        }.map { try? JSONNode($0) }

        #expect(lines.map { $0?["level"]?.text } == ["WARN", "WARN"])
        #expect(lines.map { $0?["requestId"]?.text } == ["r-1", "r-1"])
        #expect(
            lines.first??["message"]?.text == #"metrics "Weight": the value nan is not one that CloudWatch takes. "#
                + "Add finite numbers between -2^360 and 2^360. The line's rejectedMetrics counts such metrics.")
        #expect(lines.last??["message"]?.text?.hasPrefix(#"metrics "service": "#) == true)
    }

    @Test func `warnings come to an end, whatever names events bring`() {
        let lines = Pipe.lines { output in
            let metrics = InvocationMetrics(of: MetricsScope(logger: Logger(output: output)))
            // No more than a pipe holds, were all of them written.
            for number in 0..<110 { metrics.add("\(String(repeating: "é\n", count: 5_000))\(number)", 1) }
        }

        #expect(lines.count == 100)
        #expect(lines.allSatisfy { $0.utf8.count < 1_000 })
    }
}

/// A value that nobody may ask for.
private struct Trap: LogValue {
    func write(to json: inout JSONWriter) {
        Issue.record("a property was written at level none")
    }
}

/// What is late and what was warned of is counted for the process, where other tests add some.
private struct OwnLateMetrics: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await MetricsScope.$lateMetrics.withValue(LateCallCounter()) {
            try await MetricsScope.$refusals.withValue(RefusalLog(), operation: function)
        }
    }
}

extension Trait where Self == OwnLateMetrics {
    fileprivate static var ownLateMetrics: Self { OwnLateMetrics() }
}
