import Synchronization
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// An S3 that knows uploads in parts, and fails as it is told.
private final class MultipartServer: Sendable {
    private struct State {
        var parts: [Int: [UInt8]] = [:]
        var object: [UInt8]?
        var isAborted = false
        var inFlight = 0
        var mostInFlight = 0
    }

    private let state = Mutex(State())
    private let fail: @Sendable (Request) -> Result<Response, TransportError>?

    init(fail: @escaping @Sendable (Request) -> Result<Response, TransportError>? = { _ in nil }) {
        self.fail = fail
    }

    var object: [UInt8]? { state.withLock { $0.object } }
    var isAborted: Bool { state.withLock { $0.isAborted } }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func transport() -> ScriptedTransport {
        ScriptedTransport { request, _ in
            self.state.withLock { state in
                state.inFlight += 1
                state.mostInFlight = max(state.mostInFlight, state.inFlight)
            }
            for _ in 0..<5 { await Task.yield() }
            defer { self.state.withLock { $0.inFlight -= 1 } }
            return self.fail(request) ?? self.answer(request)
        }
    }

    private func answer(_ request: Request) -> Result<Response, TransportError> {
        state.withLock { state in
            switch (request.method, request.query) {
            case (.put, ""):
                state.object = request.body.bytes.map(Array.init)
                return .status(200, "", ["ETag": "\"whole\""])
            case (.post, "uploads="):
                return .status(
                    200,
                    "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"
                )
            case (.delete, "uploadId=u%2F1"):
                state.isAborted = true
                return .status(204, "")
            case (.post, "uploadId=u%2F1"):
                state.object = state.parts.sorted { $0.key < $1.key }.reduce(into: []) { $0 += $1.value }
                return .status(
                    200,
                    "<CompleteMultipartUploadResult><ETag>&quot;all&quot;</ETag></CompleteMultipartUploadResult>"
                )
            default:
                let number = Int(request.query.split(separator: "&")[0].dropFirst("partNumber=".count)) ?? 0
                state.parts[number] = request.body.bytes.map(Array.init)
                return .status(200, "", ["ETag": "\"part\(number)\""])
            }
        }
    }
}

struct MultipartUploadTests {
    private static let part = 5 * 1_024 * 1_024
    private let target = S3.UploadTarget(
        bucket: "documents", key: "a", contentType: "text/plain", condition: .ifAbsent
    )

    /// Bytes in which no two parts are alike.
    private static func content(_ count: Int) -> [UInt8] {
        let block = (0..<65_537).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + block.count)
        while bytes.count < count { bytes += block }
        return Array(bytes.prefix(count))
    }

    /// `bytes` in pieces of an awkward size.
    private static func stream(_ bytes: [UInt8], pieces: Int = 1_000_003) -> ByteStream {
        let offset = Mutex(0)
        return ByteStream {
            let start = offset.withLock { offset in
                defer { offset += pieces }
                return offset
            }
            return start < bytes.count ? Array(bytes[start..<min(start + pieces, bytes.count)]) : nil
        }
    }

    private func s3(_ transport: ScriptedTransport, _ retry: RetryPolicy = .standard) throws -> S3 {
        S3(try .scripted(transport, retry: retry, overrides: [:]))
    }

    // MARK: - What is sent

    @Test(arguments: [(0, 1), (1, 1), (part, 1), (part + 1, 4), (3 * part, 5)])
    func `calls are 2 + ⌈bytes / 5 MiB⌉, or one up to 5 MiB`(count: Int, calls: Int) async throws {
        let bytes = Self.content(count)
        for isStreamed in [false, true] {
            let server = MultipartServer()
            let transport = server.transport()

            let (record, snapshot) = try await recorded {
                let output =
                    isStreamed
                    ? try await s3(transport).upload(Self.stream(bytes), length: count, to: target, models: [.test])
                    : try await s3(transport).upload(bytes, to: target, models: [.test])
                var sum = CRC64NVME()
                sum.update(bytes)
                #expect(output.checksum == sum.base64)
                #expect(output.eTag == (calls == 1 ? "\"whole\"" : "\"all\""))
            }

            #expect(server.object == bytes)
            #expect(transport.requests.count == calls)
            #expect(snapshot.s3Calls == calls)
            #expect(snapshot.s3BytesUploaded == count)
            #expect(record != nil)
        }
    }

    @Test func `each part and the whole carry their checksums`() async throws {
        let transport = MultipartServer().transport()
        let bytes = Self.content(Self.part + 1)

        _ = try await s3(transport).upload(bytes, to: target)

        let requests = transport.requests
        let create = try #require(requests.first)
        #expect(create.method == .post && create.query == "uploads=")
        #expect(create.headers["Content-Type"] == "text/plain")
        #expect(create.headers["x-amz-checksum-algorithm"] == "CRC64NVME")
        #expect(create.headers["x-amz-checksum-type"] == "FULL_OBJECT")
        for part in requests where part.method == .put {
            var sum = CRC64NVME()
            sum.update(Array(part.body.bytes ?? []))
            #expect(part.headers["x-amz-checksum-crc64nvme"] == sum.base64)
        }
        let complete = try #require(requests.last)
        #expect(complete.headers["x-amz-checksum-type"] == "FULL_OBJECT")
        #expect(complete.headers["If-None-Match"] == "*")
        #expect(complete.headers["x-amz-mp-object-size"] == "\(bytes.count)")
        let second = try #require(requests.first { $0.query.hasPrefix("partNumber=2&") })
        let secondSum = try #require(second.headers["x-amz-checksum-crc64nvme"])
        #expect(
            complete.bodyText.hasSuffix(
                "<Part><PartNumber>2</PartNumber><ETag>&quot;part2&quot;</ETag>"
                    + "<ChecksumCRC64NVME>\(secondSum)</ChecksumCRC64NVME></Part></CompleteMultipartUpload>"
            )
        )
    }

    @Test func `parts are larger only where 10,000 of them would not do`() {
        #expect(S3.partSize(for: Self.part * 10_000) == Self.part)
        #expect(S3.partSize(for: Self.part * 10_000 + 1) == Self.part + 1)
    }

    @Test func `at most four parts are on the wire`() async throws {
        let server = MultipartServer()

        _ = try await s3(server.transport()).upload(Self.content(6 * Self.part), to: target)

        #expect((2...4).contains(server.mostInFlight))
    }

    // MARK: - What goes wrong

    @Test(arguments: [
        (part, part - 1), (part, part + 1), (0, 1), (2 * part, 2 * part - 1), (2 * part, 2 * part + 1),
        (part + 1, part), (2 * part, 0),
    ])
    func `content of another length than announced is never stored`(announced: Int, actual: Int) async throws {
        let server = MultipartServer()
        let transport = server.transport()

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).upload(
                Self.stream(Self.content(actual)), length: announced, to: target
            )
        }

        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("announced as \(announced) bytes") == true)
        #expect(server.object == nil)
        #expect(server.isAborted == (announced > Self.part))
    }

    @Test func `a part that is refused aborts the upload, counted`() async throws {
        let server = MultipartServer { request in
            request.query.hasPrefix("partNumber=2&")
                ? .status(400, "<Error><Code>BadDigest</Code></Error>") : nil
        }

        let (_, snapshot) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await s3(server.transport()).upload(Self.content(2 * Self.part), to: target)
            }
            #expect(error?.code.rawValue == "BadDigest")
            #expect(error?.operation == "UploadPart")
        }

        #expect(server.isAborted)
        #expect(server.object == nil)
        #expect(snapshot.s3Calls == 4)
        #expect(snapshot.s3Errors >= 1)
    }

    @Test func `a part is sent again when it may be`() async throws {
        let first = Mutex(true)
        let server = MultipartServer { request in
            guard request.query.hasPrefix("partNumber=1&"), first.withLock({ $0 }) else { return nil }
            first.withLock { $0 = false }
            return .status(503, "<Error><Code>SlowDown</Code></Error>")
        }
        let bytes = Self.content(Self.part + 1)

        let (_, snapshot) = try await recorded { _ = try await s3(server.transport()).upload(bytes, to: target) }

        #expect(server.object == bytes)
        #expect(snapshot.s3Calls == 4)
        #expect(snapshot.s3Retries == 1)
        #expect(snapshot.s3BytesUploaded == bytes.count)
    }

    @Test(arguments: [
        ("<Error><Code>InternalError</Code><Message>m</Message></Error>", "InternalError"), ("", "InvalidResponse"),
        ("   ", "InvalidResponse"), ("<Other/>", "InvalidResponse"),
    ])
    func `a 200 that tells an error is one, and is tried again`(body: String, code: String) async throws {
        let server = MultipartServer { request in
            request.method == .post && request.query.hasPrefix("uploadId") ? .status(200, body) : nil
        }
        let transport = server.transport()

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).upload(Self.content(Self.part + 1), to: target)
        }

        #expect(error?.code.rawValue == code)
        #expect(error?.attempts == 3)
        #expect(server.isAborted)
    }

    @Test(arguments: [("AAAAAAAAAAA=", false), ("AAAAAAAAAAA=-2", true)])
    func `the whole's checksum as S3 kept it is compared, one of parts is not`(
        kept: String, isStored: Bool
    ) async throws {
        let result = "CompleteMultipartUploadResult"
        let xml = "<\(result)><ChecksumCRC64NVME>\(kept)</ChecksumCRC64NVME></\(result)>"
        let server = MultipartServer { request in
            request.method == .post && request.query.hasPrefix("uploadId") ? .status(200, xml) : nil
        }
        let transport = server.transport()

        let upload = await Task { [target] in
            try await s3(transport).upload(Self.content(Self.part + 1), to: target)
        }.result

        #expect(((try? upload.get()) != nil) == isStored)
        if case .failure(let error) = upload { #expect((error as? ServiceError)?.code == .checksumMismatch) }
    }

    @Test func `a source that breaks off aborts the upload with its own error`() async throws {
        struct Broken: Error {}
        let server = MultipartServer()
        let rest = Mutex(6)
        let content = ByteStream {
            let left = rest.withLock { left in
                left -= 1
                return left
            }
            guard left > 0 else { throw Broken() }
            return [UInt8](repeating: 0, count: 1_048_576)
        }

        await #expect(throws: Broken.self) {
            _ = try await s3(server.transport()).upload(content, length: 3 * Self.part, to: target)
        }

        #expect(server.isAborted)
    }

    @Test func `cancellation aborts the upload although the task is cancelled`() async throws {
        let running = Mutex<Task<S3.UploadOutput, any Error>?>(nil)
        let server = MultipartServer { request in
            // With a part on the wire the upload is cancelled; the abort that follows must not be.
            if request.method == .put { running.withLock { $0 }?.cancel() }
            return Task.isCancelled ? .broken(.cancelled) : nil
        }
        let s3 = try s3(server.transport())
        let content = Self.content(2 * Self.part)

        let task = Task { [target] in
            while running.withLock({ $0 == nil }) { await Task.yield() }
            return try await s3.upload(content, to: target)
        }
        running.withLock { $0 = task }

        let error = await #expect(throws: ServiceError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(server.isAborted)
        #expect(server.object == nil)
    }
}
