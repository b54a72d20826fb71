import Foundation
import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct MetricsSnapshotCodableTests {
    private func object(_ snapshot: MetricsSnapshot) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(snapshot))
        return try #require(json as? [String: Any])
    }

    @Test(arguments: 0..<50)
    func `what was encoded decodes to the same snapshot`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let snapshot = (0..<3).reduce(into: MetricsSnapshot.unrecorded) { sum, _ in sum += .random(using: &generator) }

        let decoded = try JSONDecoder().decode(MetricsSnapshot.self, from: try JSONEncoder().encode(snapshot))

        #expect(decoded == snapshot)
    }

    @Test func `what nobody recorded decodes as that`() throws {
        let data = try JSONEncoder().encode(MetricsSnapshot.unrecorded)

        #expect(try JSONDecoder().decode(MetricsSnapshot.self, from: data) == .unrecorded)
    }

    @Test func `figures have the names of pydynox, and what is not known has none`() throws {
        let scope = MetricsScope()
        let operations = ["GetItem", "PutItem", "PutItem", "DeleteItem", "UpdateItem", "Query", "Scan", "BatchGetItem"]
        for operation in operations {
            MetricsScope.record(record(.dynamoDB, operation) { $0.duration = .microseconds(1_500) }, in: scope)
        }
        MetricsScope.record(record(.dynamoDB, "GetItem") { $0.readUnits = 0.5 }, in: scope)
        MetricsScope.record(record(.kms, "Decrypt") { $0.duration = .milliseconds(3) }, in: scope)
        let upload = record(.s3, "PutObject") { call in
            call.duration = .milliseconds(7)
            (call.bytesUploaded, call.bytesDownloaded) = (11, 13)
        }
        MetricsScope.record(upload, in: scope)

        let json = try object(scope.snapshot())
        let counts = [
            "operation_count": 9, "get_count": 2, "put_count": 2, "delete_count": 1, "update_count": 1,
            "query_count": 1, "scan_count": 1, "kms_calls": 1, "s3_calls": 1, "s3_bytes_uploaded": 11,
            "s3_bytes_downloaded": 13,
        ]
        for (name, count) in counts { #expect(json[name] as? Int == count, "\(name)") }
        let times = ["total_duration_ms": 12.0, "kms_duration_ms": 3, "s3_duration_ms": 7, "total_rcu": 0.5]
        for (name, time) in times { #expect(json[name] as? Double == time, "\(name)") }
        #expect(json["total_wcu"] == nil)
        #expect((json["operations"] as? [Any])?.count == 9)
    }

    @Test func `statistics whose parts contradict each other are refused`() throws {
        let data = try JSONEncoder().encode([TimeStats()])
        let text = try #require(String(bytes: data, encoding: .utf8))
        #expect(try JSONDecoder().decode([TimeStats].self, from: data) == [TimeStats()])

        for buckets in ["[[1,1]]", "[[1]]", "[[-1,0]]", "[[99999,1]]", "[[1,-1],[1,1]]"] {
            let broken = Data(text.replacingOccurrences(of: "[]", with: buckets).utf8)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([TimeStats].self, from: broken) }
        }
    }

    @Test func `a snapshot is logged as one value`() throws {
        let scope = MetricsScope()
        MetricsScope.record(record(.kms, "Decrypt") { $0.duration = .microseconds(1_234) }, in: scope)
        var json = JSONWriter()
        scope.snapshot().write(to: &json)

        let logged = try #require(
            try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(logged["kms_calls"] as? Int == 1)
        #expect(logged["kms_duration_ms"] as? Double == 1.234)
        #expect(logged["is_recorded"] as? Bool == true)

        json = JSONWriter()
        MetricsSnapshot.unrecorded.write(to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"is_recorded":false}"#)
    }
}
