import Foundation
import TallyMetrics
import TallyTestServer
import Testing

@testable import TallySinks

@Suite struct DatadogSinkTests {
    /// The lines of a batch, and what the sink threw.
    private func lines(_ batch: MetricBatch) async throws -> (lines: [String], error: MetricSinkError?) {
        let path = URL.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let sink = DatadogSink(output: LineOutput(fileDescriptor: file.fileDescriptor))
        let error = await failure(of: sink, batch)
        try file.close()
        return (try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init), error)
    }

    @Test func `a counter is one point at a second of the wall's clock, with tags`() async throws {
        let (lines, error) = try await lines(MetricBatch([(.parcels, [1, 2])]))

        #expect(lines == [#"{"m":"tally.Parcels","v":3,"e":1795219203,"t":["service:shop"]}"#])
        #expect(error == nil)
    }

    @Test func `each observation of a distribution is a point, and none is the mean`() async throws {
        let (lines, _) = try await lines(MetricBatch([(.picking, [1, 100, 1])]))
        let values = try lines.map { try JSONNode($0)["v"]?.number }

        #expect(values == [1, 1, 100])
    }

    @Test func `a gauge is its last value`() async throws {
        let (lines, _) = try await lines(MetricBatch([(.memory, [60, 64, 63])]))

        #expect(try lines.map { try JSONNode($0)["v"]?.number } == [63])
    }

    @Test func `points beyond the limit are lost and counted`() async throws {
        let (lines, error) = try await lines(
            MetricBatch([(.picking, [Double](repeating: 5, count: 700) + [Double](repeating: 9, count: 700))]))

        #expect(lines.count == 1_000)
        #expect(error?.lostObservations == 400)
        #expect(error?.unsent.isEmpty == true)
    }
}
