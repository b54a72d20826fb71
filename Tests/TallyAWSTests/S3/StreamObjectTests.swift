import Foundation
import Synchronization
import TallyHTTP
import TallyMetrics
import TallyTestServer
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct StreamObjectTests {
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

    @Test(arguments: [(.none, 1), (.summary, 10)] as [(MetricsLevel, Int)])
    func `at level none a stream looks at the clock when it begins, and no more`(
        level: MetricsLevel, count: Int
    ) async throws {
        let clock = FixedClock()
        let s3 = S3(try .scripted(ScriptedTransport(.status(200, "hello")), clock: clock))

        try await MetricsScope.$current.withValue(MetricsScope(level: level)) {
            _ = try await s3.streamObject(input).body.collect()
        }

        #expect(clock.readCount == count)
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

    // MARK: - Going on

    /// Serves one object, each time only so many bytes of what was asked for.
    private final class FlakyTransport: Transport {
        let requests = Mutex<[Request]>([])
        private let content = Array("the whole content".utf8)
        private let lengths: [Int]
        private let tags: [String]

        init(_ lengths: [Int], tags: [String] = ["\"e\""]) {
            self.lengths = lengths
            self.tags = tags
        }

        func send(_ request: Request) async throws(TransportError) -> Response { fatalError("only streams") }

        func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            let tag = tags[min(number, tags.count - 1)]
            if let wanted = request.headers["If-Match"], wanted != tag {
                return StreamedResponse(status: 412, headers: [:], body: ByteStream { nil })
            }
            let bounds = request.headers["Range"]?.dropFirst("bytes=".count).split(separator: "-").map { Int($0) ?? 0 }
            let start = bounds?.first ?? 0
            let end = bounds.flatMap { $0.count > 1 ? $0[1] + 1 : nil } ?? content.count
            let length = min(lengths[min(number, lengths.count - 1)], end - start)
            let isCut = length < end - start
            let piece = Mutex<[UInt8]?>(length == 0 ? nil : Array(content[start..<(start + length)]))
            let body = ByteStream {
                if let piece = piece.withLock({ $0.take() }) { return piece }
                if isCut { throw TransportError(.connectionLost, "host") }
                return nil
            }
            var sum = CRC64NVME()
            sum.update(content)
            let headers: Headers = [
                "ETag": tag, "Content-Length": "\(end - start)", "x-amz-checksum-crc64nvme": sum.base64,
            ]
            return StreamedResponse(
                status: request.headers["Range"] == nil ? 200 : 206, headers: headers, body: body)
        }
    }

    private let clock = FixedClock()

    private func read(
        _ transport: FlakyTransport, _ input: S3.GetObjectInput? = nil, retry: RetryPolicy = .standard
    ) async throws -> String {
        let client = try ServiceClient.scripted(transport, clock: clock, retry: retry)
        let object = try await S3(client).streamObject(input ?? self.input, models: [.test])
        return String(decoding: try await object.body.collect(), as: UTF8.self)
    }

    @Test func `content that breaks off goes on where it stopped, of the same object`() async throws {
        let transport = FlakyTransport([4, 6, 100])

        let (record, snapshot) = try await recorded {
            let text = try await read(transport)
            #expect(text == "the whole content")
        }

        let requests = transport.requests.withLock { $0 }
        #expect(requests.map { $0.headers["Range"] } == [nil, "bytes=4-", "bytes=10-"])
        #expect(requests.map { $0.headers["If-Match"] } == [nil, "\"e\"", "\"e\""])
        #expect(snapshot.s3Calls == 1)
        #expect(record?.attempts == 3)
        #expect(record?.bytesDownloaded == 17)
        #expect(record?.retryDelay == .milliseconds(100))
        #expect(record?.outcome == .success)
    }

    @Test func `content that breaks off stays one call in the trace`() async throws {
        let daemon = try DatagramReceiver()
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
        let scope = MetricsScope(
            InvocationInfo(traceHeader: header), level: .summary,
            emitter: try XRayEmitter(daemonAddress: daemon.address))
        let transport = FlakyTransport([4, 6, 100])

        let text = try await MetricsScope.$current.withValue(scope) { try await read(transport) }

        #expect(text == "the whole content")
        let headers = transport.requests.withLock { $0 }.map { $0.headers["X-Amzn-Trace-Id"] }
        #expect(headers.count == 3)
        #expect(Set(headers).count == 1)
        let datagrams = try await daemon.wait()
        #expect(datagrams.count == 1)
        #expect(datagrams.first.map { String(decoding: $0, as: UTF8.self) }?.contains("\"content_length\":17") == true)
    }

    @Test func `a range goes on inside itself`() async throws {
        let transport = FlakyTransport([2, 100])

        let text = try await read(transport, .init(bucket: "documents", key: "a", range: 4...8))

        #expect(text == "whole")
        #expect(transport.requests.withLock { $0 }.map { $0.headers["Range"] } == ["bytes=4-8", "bytes=6-8"])
    }

    @Test func `an object that was replaced meanwhile is an error, not a mixture`() async throws {
        let transport = FlakyTransport([4, 100], tags: ["\"e\"", "\"other\""])

        let error = await #expect(throws: ServiceError.self) { try await read(transport) }

        #expect(error?.code == .preconditionFailed)
        #expect(error?.message == "the object was replaced after 4 bytes were read")
    }

    @Test func `a source that brings nothing new is given up, with how much arrived`() async throws {
        let transport = FlakyTransport([4, 0])

        let (record, _) = try await recorded {
            let error = await #expect(throws: ServiceError.self) { try await read(transport) }
            #expect(error?.message.hasPrefix("the content broke off after 4 bytes") == true)
            #expect(error?.isRetryable == true)
        }

        #expect(transport.requests.withLock { $0.count } == 3)
        #expect(clock.sleeps == [.milliseconds(50), .milliseconds(100)])
        #expect(record?.errorCode == "ConnectionLost")
        #expect(record?.bytesDownloaded == 4)
    }

    @Test func `a policy of one attempt does not go on`() async throws {
        let transport = FlakyTransport([4, 100])

        await #expect(throws: ServiceError.self) { try await read(transport, retry: .never) }

        #expect(transport.requests.withLock { $0.count } == 1)
    }

    @Test func `a download is at its place whole or not at all`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.txt").path
        func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

        let broken = S3(try .scripted(FlakyTransport([4, 0]), clock: clock))
        await #expect(throws: ServiceError.self) { try await broken.downloadObject(input, to: path) }
        #expect(try files().isEmpty)

        let whole = S3(try .scripted(FlakyTransport([4, 100]), clock: clock))
        let info = try await whole.downloadObject(input, to: path)
        #expect(try files() == ["a.txt"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "the whole content")
        #expect(info.contentLength == 17)
    }

    @Test func `a download into a folder that is not there names the path`() async throws {
        let s3 = S3(try .scripted(FlakyTransport([100]), clock: clock))

        let error = await #expect(throws: TransportError.self) {
            try await s3.downloadObject(input, to: "/nowhere/a.txt")
        }

        #expect(error?.message == "/nowhere/a.txt: No such file or directory")
    }
}
