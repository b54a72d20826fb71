import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

struct StreamObjectTests {
    private let input = S3.GetObjectInput(bucket: "documents", key: "a")

    private func stream(_ answers: ScriptedTransport) async throws -> S3.StreamedObject {
        try await S3(try .scripted(answers)).streamObject(input, models: [.test])
    }

    @Test func `content comes in pieces, checked, and is recorded when it ends`() async throws {
        let scope = MetricsScope()
        let transport = ScriptedTransport(
            .unavailable,
            .status(200, "hello", ["x-amz-checksum-crc64nvme": "M3eFcAZSQlc=", "Content-Length": "5"])
        )

        try await MetricsScope.$current.withValue(scope) {
            let object = try await stream(transport)
            #expect(object.info.contentLength == 5)
            #expect(scope.snapshot().s3Calls == 0)
            #expect(try await object.body.collect() == Array("hello".utf8))
        }

        #expect(scope.snapshot().s3Calls == 1)
        #expect(scope.last(for: .test)?.bytesDownloaded == 5)
        #expect(scope.last(for: .test)?.attempts == 2)
        #expect(scope.last(for: .test)?.outcome == .success)
    }

    @Test func `a stream that is dropped is recorded with what was read`() async throws {
        let scope = MetricsScope()
        try await MetricsScope.$current.withValue(scope) {
            let object = try await stream(ScriptedTransport(.status(200, "hello")))
            var pieces = object.body.makeAsyncIterator()
            #expect(try await pieces.next() == Array("hel".utf8))
            #expect(scope.snapshot().s3Calls == 0)
        }

        #expect(scope.snapshot().s3Calls == 1)
        #expect(scope.last(for: .test)?.bytesDownloaded == 3)
    }

    @Test(
        arguments: [
            ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="], ["Content-Length": "6"], ["Content-Length": "4"],
        ] as [Headers])
    func `content that does not match never ends without an error`(headers: Headers) async throws {
        let (record, _) = try await recorded {
            let object = try await stream(ScriptedTransport(.status(200, "hello", headers)))
            let error = await #expect(throws: ServiceError.self) { _ = try await object.body.collect() }
            #expect(error?.code == .checksumMismatch)
        }

        #expect(record?.outcome == .error)
        #expect(record?.errorCode == "ChecksumMismatch")
    }

    @Test func `an error's body is read for its code`() async throws {
        let body = "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"

        let (record, _) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await stream(ScriptedTransport(.status(404, body)))
            }
            #expect(error?.code == .noSuchKey)
        }

        #expect(record?.outcome == .error)
        #expect(record?.bytesDownloaded == 0)
    }

    @Test func `what breaks off is told with how much arrived`() async throws {
        let source = ByteStream { throw TransportError(.connectionLost, "host") }
        let call = ServiceCall(.s3, "GetObject", resource: "b", models: [.test], request: Request(.get, "http://h/"))
        let clock = FixedClock()

        let (record, _) = try await recorded {
            let reader = ObjectReader(
                source, of: call, CallAccount(call, at: clock.now), length: 5, checksum: nil, effects: clock.effects
            )
            let error = await #expect(throws: ServiceError.self) { _ = try await reader.next() }
            #expect(error?.isRetryable == true)
            #expect(error?.message.hasPrefix("the content broke off after 0 bytes") == true)
        }

        #expect(record?.errorCode == "ConnectionLost")
    }
}
