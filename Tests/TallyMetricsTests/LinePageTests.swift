import Foundation
import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

/// The page of the documentation that explains the line.
@Suite struct LinePageTests {
    private let page: String

    init() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        page = try String(contentsOf: top.appending(path: "Sources/Tally/Documentation.docc/Line.md"), encoding: .utf8)
    }

    /// The names in code voice in the first column of the tables.
    private var explained: Set<String> {
        let cells = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "|").first
        }
        return Set(cells.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.1) } })
    }

    private var line: [UInt8] {
        let rows = page.split(separator: "\n").drop { !$0.hasPrefix(#"    {"_aws""#) }.prefix { $0.hasPrefix("    ") }
        return Array((rows.map { $0.dropFirst(4) }.joined() + "\n").utf8)
    }

    @Test func `the line on the page is one that CloudWatch takes, of as many bytes as the page says`() throws {
        let root = try JSONNode(parsing: line)
        let timestamp = try #require(root["_aws"]?["Timestamp"]?.number.flatMap { Int64($0) })

        #expect(EMFValidator.violations(in: line, now: timestamp) == [])
        #expect(
            page.contains(
                "one line of \((line.count - 1).formatted(.number.locale(Locale(identifier: "en_US")))) bytes"))
    }

    @Test func `every metric and every property is explained`() throws {
        let metrics = Set(EMFCatalogue.metrics.map(\.name.rawValue))
        let properties = Set(JSONKey.properties.map(\.name)).subtracting(["_aws"])

        #expect(metrics.union(properties).subtracting(explained).isEmpty)
        #expect(try Set(JSONNode(parsing: line).members.map(\.name)).subtracting(explained) == ["_aws"])
    }

    @Test func `nothing is explained that no line has`() {
        #expect(explained.subtracting(MetricRules.reservedNames).isEmpty)
    }
}
