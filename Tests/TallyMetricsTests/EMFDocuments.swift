import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

/// The lines of an invocation, each found valid.
struct EMFDocuments {
    static let now = Timestamp(milliseconds: 1_795_219_143_364)

    let roots: [JSONNode]

    /// Opens a scope as the runtime does, lets `body` add to its metrics, and reads the lines.
    init(
        _ environment: [String: String] = [:], logger: Logger = .silent,
        adding body: (InvocationMetrics) -> Void
    ) throws {
        let environment = ["AWS_LAMBDA_FUNCTION_NAME": "orders"].merging(environment) { $1 }
        let configuration = try MetricsConfiguration { environment[$0] }
        let scope = MetricsScope(
            InvocationInfo(requestID: "r-1"), level: configuration.level, dimensions: configuration.dimensions,
            logger: logger)
        body(InvocationMetrics(of: scope))
        try self.init(of: scope, configuration)
    }

    init(of scope: MetricsScope, _ configuration: MetricsConfiguration) throws {
        var report = InvocationReport(
            invocation: scope.invocation, timestamp: Self.now, outcome: .success, handlerDuration: .milliseconds(3),
            metrics: scope.snapshot())
        report.userMetrics = scope.userMetrics()
        report.details = scope.details()
        report.slowCalls = scope.slowCallCount
        let bytes = try #require(EMFLine(configuration)).bytes(for: report)
        roots = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            if configuration.extraction == .on {
                #expect(EMFValidator.violations(in: line + [0x0A], now: Self.now.milliseconds) == [])
            }
            return try JSONNode(parsing: Array(line))
        }
        #expect(bytes.last == UInt8(ascii: "\n"))
    }

    /// The line with Tally's own metrics.
    var main: JSONNode { roots.first ?? .null }

    /// The values of a metric on each line that has it.
    func values(of name: String) -> [[Double]] {
        roots.compactMap { root in root[name].map { ($0.elements ?? [$0]).compactMap(\.number) } }
    }

    /// How many lines define a metric.
    func definitions(of name: String) -> [JSONNode] {
        roots.flatMap(\.directives).flatMap { $0["Metrics"]?.elements ?? [] }.filter { $0["Name"]?.text == name }
    }
}

extension JSONNode {
    var directives: [JSONNode] { self["_aws"]?["CloudWatchMetrics"]?.elements ?? [] }

    /// The sets of dimensions of a directive.
    var dimensionSets: [[String]] {
        (self["Dimensions"]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.text) }
    }

    /// The names that a directive defines.
    var metricNames: [String] { (self["Metrics"]?.elements ?? []).compactMap { $0["Name"]?.text } }
}

extension Logger {
    /// Writes nothing: for tests that look at the line alone.
    static var silent: Logger { Logger(minimumLevel: .fatal) }
}
