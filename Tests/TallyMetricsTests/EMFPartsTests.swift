import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct EMFPartsTests {
    @Test(arguments: [1, 67, 68, 100, 101, 250])
    func `metrics beyond a hundred go onto further lines, each onto one (Powertools fails at 100)`(
        count: Int
    ) throws {
        let lines = try EMFDocuments { metrics in
            for number in 0..<count { metrics.add("M\(number)", number, .count) }
        }

        for number in 0..<count { #expect(lines.values(of: "M\(number)") == [[Double(number)]]) }
        let own = try EMFDocuments { _ in }.main.directives.first?.metricNames.count ?? 0
        #expect(lines.roots.count == 1 + (max(0, count - (100 - own)) + 99) / 100)
        #expect(lines.roots.dropFirst().allSatisfy { $0["HandlerErrors"] == nil && $0["requestId"]?.text == "r-1" })
    }

    @Test(arguments: [99, 100, 101, 200, 201, 1_000])
    func `values beyond a hundred go onto further lines, in their order`(count: Int) throws {
        let lines = try EMFDocuments { metrics in
            for number in 0..<count { metrics.add("Latency", number, .milliseconds) }
            metrics.addDimensions(["shop": "berlin"])
        }

        #expect(lines.roots.count == (count + 99) / 100)
        #expect(Array(lines.values(of: "Latency").joined()) == (0..<count).map(Double.init))
        #expect(lines.values(of: "Latency").dropLast().allSatisfy { $0.count == 100 })
        #expect(lines.roots.dropFirst().map { $0["part"]?.number } == (1..<lines.roots.count).map { Double($0 + 1) })
        #expect(lines.roots.allSatisfy { $0["shop"]?.text == "berlin" })
        #expect(lines.roots.allSatisfy { $0.directives.last?.dimensionSets == [["service"], ["service", "shop"]] })
    }

    @Test func `a line that would be too long is several`() throws {
        let name = String(repeating: "\\", count: 250)
        // Some 330 KB, and no more metrics and values than one document may have.
        let lines = try EMFDocuments { metrics in
            let metrics = metrics.separate()
            for number in 0..<100 {
                for value in 0..<100 { metrics.add("\(name)\(number)", Double(value) * 0x1.23456789ABCDp300) }
            }
        }

        #expect(lines.roots.count == 3)
        for number in 0..<100 { #expect(lines.values(of: "\(name)\(number)").map(\.count) == [100]) }
    }

    @Test func `an invocation that adds without end is cut, and says so`() throws {
        let lines = try EMFDocuments { metrics in
            for number in 0..<100_010 { metrics.add("Latency", number) }
        }

        #expect(lines.values(of: "Latency").map(\.count).reduce(0, +) == 100_000)
        #expect(lines.main["rejectedMetrics"]?.number == 10)
    }

    @Test func `the largest of everything has room`() throws {
        let scope = MetricsScope(logger: .silent)
        let name = String(repeating: "t", count: 1_000)
        for number in 0..<1_000 { MetricsScope.record(record(on: "\(name)\(number)", index: name), in: scope) }
        let metrics = InvocationMetrics(of: scope)
        for number in 0..<29 {
            let key = String(repeating: "\"", count: 240) + "\(number)"
            metrics.addDimensions([key: String(repeating: "\\", count: 1_024)])
        }
        for number in 0..<100 { metrics.setProperty("p\(number)", String(repeating: "\"", count: 300)) }
        for number in 0..<300 { metrics.add(String(repeating: "\"", count: 240) + "m\(number)", 1) }

        let lines = try EMFDocuments(of: scope, try MetricsConfiguration { ["TALLY_SERVICE": "orders"][$0] })

        #expect(lines.main["rejectedMetrics"] == nil)
        #expect(lines.roots.flatMap(\.members).count { $0.name.hasSuffix("m299") } == 1)
    }

    // MARK: - Anything

    @Test(arguments: 0..<80)
    func `whatever is added, each line is valid and each value that was taken on exactly one`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let environment = [
            "TALLY_SERVICE": "orders", "TALLY_DIMENSIONS": "stage=prod",
            "AWS_LAMBDA_LOG_FORMAT": seed.isMultiple(of: 2) ? "JSON" : "Text",
        ]
        let configuration = try MetricsConfiguration { environment[$0] }
        let scope = MetricsScope(dimensions: configuration.dimensions, logger: .silent)
        var taken: [String: [Double]] = [:]

        for step in 0..<Int.random(in: 1...600, using: &generator) {
            let before = scope.userMetrics()?.rejectedCount ?? 0
            let added = Hostile.step(step, InvocationMetrics(of: scope), using: &generator)
            if let added, scope.userMetrics()?.rejectedCount == before {
                taken[added.name, default: []].append(added.value)
            }
        }
        let lines = try EMFDocuments(of: scope, configuration)

        var found: [String: [Double]] = [:]
        for root in lines.roots {
            for name in root.directives.flatMap(\.metricNames) where !MetricRules.reservedNames.contains(name) {
                found[name, default: []] += (root[name]?.elements ?? [root[name]].compactMap { $0 }).compactMap(
                    \.number)
            }
        }
        #expect(found.mapValues { $0.sorted() } == taken.mapValues { $0.sorted() }, "seed \(seed)")
        #expect(!taken.isEmpty, "seed \(seed)")
    }
}

/// Additions of any kind, many of them wrong.
private enum Hostile {
    private static let names = [
        "Orders", "Latency", "_aws", "service", "stage", "KMSCalls", "", " ", "a\nb", "\"", "\\", "é", "😀", "a.b",
        "a/b",
        "sqs", ":x", "Dimensions", "\u{0}", "</script>", "%n", "x\",\"_aws\":1,\"y", String(repeating: "n", count: 255),
        String(repeating: "n", count: 256),
    ]
    private static let texts = names + ["prod", "berlin", "\u{202E}x", String(repeating: "v", count: 1_024)]
    private static let values: [Double] = [
        0.1, -1, 1e300, .nan, .infinity, -.infinity, 0x1p360, 0x1p361, .leastNonzeroMagnitude,
    ]

    static func step(
        _ step: Int, _ metrics: InvocationMetrics, using generator: inout SeededGenerator
    ) -> (name: String, value: Double)? {
        func any<Element>(_ choices: [Element]) -> Element {
            choices[Int.random(in: 0..<choices.count, using: &generator)]
        }
        let often = step.isMultiple(of: 3) ? "Latency" : any(names)
        let name = Bool.random(using: &generator) ? often : "M\(Int.random(in: 0...150, using: &generator))"
        // Each value once, so that none can stand for another.
        let value = Int.random(in: 0..<8, using: &generator) == 0 ? any(values) : Double(step)
        let unit = Int.random(in: 0..<8, using: &generator) == 0 ? any(MetricUnit.all) : .count
        let resolution: MetricResolution = Int.random(in: 0..<16, using: &generator) == 0 ? .high : .standard
        let (key, text) = (any(names), any(texts))

        switch Int.random(in: 0..<16, using: &generator) {
        case 0:
            metrics.addDimensions([key: text])
            return nil
        case 1:
            metrics.addDimensions([key: text, any(names): any(texts)])
            return nil
        case 2:
            metrics.setProperty(key, any(texts))
            return nil
        case 3:
            metrics.setProperty(key, any(values))
            return nil
        case 4:
            let namespace: String? = any([nil, "Shop", "AWS/X", "", "a b"])
            metrics.separate(namespace: namespace, dimensions: [key: text]).add(
                name, value, unit, resolution: resolution)
            return (name, value)
        case 5:
            metrics.separate(namespace: any(["A", "B"])).add(name, value, unit, resolution: resolution)
            return (name, value)
        default:
            metrics.add(name, value, unit, resolution: resolution)
            return (name, value)
        }
    }
}
