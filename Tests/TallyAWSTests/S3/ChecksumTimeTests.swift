import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct ChecksumTimeTests {
    private let target = S3.UploadTarget(bucket: "files", key: "a")
    private let content = [UInt8](repeating: 7, count: 100)

    private func statistics(
        level: MetricsLevel = .summary, _ answer: @escaping @Sendable (Request, Int) -> ScriptedTransport.Answer,
        _ call: (S3) async throws -> Void
    ) async throws -> (scope: MetricsScope, statistics: Statistics) {
        let scope = MetricsScope(level: level)
        let client = try ServiceClient.scripted(ScriptedTransport { answer($0, $1) })
        try await MetricsScope.$current.withValue(scope) { try await call(S3(client)) }
        return (scope, scope.snapshot().statistics)
    }

    @Test func `an upload's checksum is timed, for the model too`() async throws {
        let (scope, statistics) = try await statistics { _, _ in
            .status(200)
        } _: { s3 in
            _ = try await s3.upload(content, to: target, models: [.test])
        }

        #expect(statistics.times[.checksum]?.count == 1)
        #expect(scope.snapshot(for: .test).statistics.times[.checksum]?.count == 1)
    }

    @Test func `each part's checksum is timed, and each part is a call under its own name`() async throws {
        let bytes = [UInt8](repeating: 1, count: 2 * S3.partSize + 1)
        let (_, statistics) = try await statistics { request, _ in
            if request.query.contains("partNumber") { return .status(200, "", ["ETag": "\"e\""]) }
            if request.query.contains("uploadId") {
                return .status(
                    200, "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>")
            }
            return .status(
                200,
                "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        } _: { s3 in
            _ = try await s3.upload(bytes, to: target)
        }

        #expect(statistics.times[.checksum]?.count == 3)
        #expect(statistics.times["s3.upload_part"]?.count == 3)
        #expect(statistics.times["s3.create_multipart_upload"]?.count == 1)
    }

    @Test func `a download's checksum is timed once, in pieces or as a whole`() async throws {
        let text = String(decoding: content, as: UTF8.self)
        let headers: Headers = [
            "Content-Length": "100", "x-amz-checksum-crc64nvme": S3.ChecksumAlgorithm.crc64NVME.checksum(of: content),
        ]
        let (_, whole) = try await statistics { _, _ in
            .status(200, text, headers)
        } _: { s3 in
            _ = try await s3.getObject(.init(bucket: "files", key: "a"))
        }
        let (_, pieces) = try await statistics { _, _ in
            .status(200, text, headers)
        } _: { s3 in
            _ = try await s3.streamObject(.init(bucket: "files", key: "a")).body.collect()
        }

        #expect(whole.times[.checksum]?.count == 1)
        #expect(pieces.times[.checksum]?.count == 1)
        #expect(pieces.times["s3.get_object"]?.count == 1)
    }

    @Test func `content without a checksum takes no time for one, and level none times nothing`() async throws {
        let text = String(decoding: content, as: UTF8.self)
        let (_, plain) = try await statistics { _, _ in
            .status(200, text, ["Content-Length": "100"])
        } _: { s3 in
            _ = try await s3.streamObject(.init(bucket: "files", key: "a")).body.collect()
        }
        let (_, none) = try await statistics(level: .none) { _, _ in
            .status(200)
        } _: { s3 in
            _ = try await s3.upload(content, to: target)
        }

        #expect(plain.times[.checksum] == nil)
        #expect(none.times.isEmpty)
    }
}
