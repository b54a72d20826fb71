import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

struct S3Tests {
    private let hello = Array("hello".utf8)
    /// The CRC64NVME of `hello`, computed bit by bit in Python.
    private let helloChecksum = "M3eFcAZSQlc="

    private func s3(_ transport: ScriptedTransport, overrides: [Service: String] = [:]) throws -> S3 {
        S3(try .scripted(transport, overrides: overrides))
    }

    // MARK: - Put and delete

    @Test func `PutObject sends content, type, checksum and condition over TLS unsigned`() async throws {
        let transport = ScriptedTransport(.status(200, "", ["ETag": "\"e\"", "x-amz-version-id": "7"]))

        let (record, snapshot) = try await recorded {
            let output = try await s3(transport).putObject(
                .init(
                    bucket: "documents", key: "docs/a b+ü.pdf", body: hello, contentType: "application/pdf",
                    condition: .ifAbsent
                ),
                models: [.test]
            )
            #expect(output.eTag == "\"e\"" && output.versionID == "7" && output.checksum == helloChecksum)
        }

        let request = try #require(transport.requests.first)
        #expect(request.method == .put)
        #expect(request.url == "https://documents.s3.us-east-1.amazonaws.com/docs/a%20b%2B%C3%BC.pdf")
        #expect(request.body.bytes?.elementsEqual(hello) == true)
        #expect(request.headers["Content-Type"] == "application/pdf")
        #expect(request.headers["x-amz-checksum-crc64nvme"] == helloChecksum)
        #expect(request.headers["If-None-Match"] == "*")
        #expect(request.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD")
        #expect(record?.bytesUploaded == 5)
        #expect(record?.resource == "documents")
        #expect(snapshot.s3BytesUploaded == 5)
    }

    @Test func `over plain HTTP the body's hash is signed, in path style`() async throws {
        let transport = ScriptedTransport(.status(200, ""))

        try await s3(transport, overrides: [.s3: ServiceClient.local]).putObject(
            .init(bucket: "documents", key: "a", body: hello)
        )

        let request = try #require(transport.requests.first)
        #expect(request.url == "http://127.0.0.1:4566/documents/a")
        #expect(request.headers["x-amz-content-sha256"] == Hex.encode(SHA256.hash(hello)))
    }

    @Test func `bytes of attempts that were refused are apart`() async throws {
        let transport = ScriptedTransport(.broken(.connectionFailed, attempts: 0), .unavailable, .status(200, ""))

        let (record, _) = try await recorded {
            try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: hello), models: [.test])
        }

        #expect(record?.bytesUploaded == 5)
        #expect(record?.bytesResent == 5)
        #expect(record?.attempts == 2)
    }

    @Test func `an object that exists is a condition that failed`() async throws {
        let xml = "<Error><Code>PreconditionFailed</Code><Message>m</Message><RequestId>R</RequestId></Error>"
        let transport = ScriptedTransport(.status(412, xml))

        let (_, snapshot) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: [], condition: .ifAbsent))
            }
            #expect(error?.code == .preconditionFailed)
            #expect(error?.requestID == "R")
            #expect(error?.description.hasPrefix("S3 PutObject documents/a: PreconditionFailed: m ") == true)
        }

        #expect(snapshot.s3Errors == 0)
    }

    @Test func `two writers that meet try again`() async throws {
        let conflict = "<Error><Code>ConditionalRequestConflict</Code></Error>"
        let transport = ScriptedTransport(.status(409, conflict), .status(200, ""))

        try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: [], condition: .ifAbsent))

        #expect(transport.requests.count == 2)
    }

    @Test func `DeleteObject deletes`() async throws {
        let transport = ScriptedTransport(.status(204, ""))

        let (record, _) = try await recorded {
            try await s3(transport).deleteObject(bucket: "documents", key: "a/b", models: [.test])
        }

        #expect(transport.requests.first?.method == .delete)
        #expect(transport.requests.first?.path == "/a/b")
        #expect(record?.operation == "DeleteObject")
    }

    @Test(arguments: [("", "a"), ("documents", ""), ("no/bucket", "a")])
    func `a bucket or key that cannot be one is refused before anything is sent`(
        bucket: String, key: String
    ) async throws {
        let transport = ScriptedTransport(.status(200))

        let error = await #expect(throws: ServiceError.self) {
            try await s3(transport).deleteObject(bucket: bucket, key: key)
        }

        #expect(error?.code == .invalidRequest)
        #expect(transport.requests.isEmpty)
    }

    // MARK: - Get

    @Test func `GetObject asks for the checksum and compares it`() async throws {
        let transport = ScriptedTransport(
            .status(
                200, "hello",
                [
                    "x-amz-checksum-crc64nvme": helloChecksum, "x-amz-checksum-type": "FULL_OBJECT",
                    "Content-Type": "text/plain", "Content-Length": "5", "ETag": "\"e\"",
                ]
            )
        )

        let (record, snapshot) = try await recorded {
            let output = try await s3(transport).getObject(.init(bucket: "documents", key: "a"), models: [.test])
            #expect(output.body == hello)
            #expect(output.info.contentType == "text/plain")
            #expect(output.info.eTag == "\"e\"")
        }

        #expect(transport.requests.first?.headers["x-amz-checksum-mode"] == "ENABLED")
        #expect(record?.bytesDownloaded == 5)
        #expect(snapshot.s3BytesDownloaded == 5)
    }

    @Test(
        arguments: [
            ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="], ["x-amz-checksum-crc32": "AAAAAA=="], ["Content-Length": "6"],
        ] as [Headers])
    func `content that does not match is fetched again, then an error`(headers: Headers) async throws {
        let transport = ScriptedTransport(.status(200, "hello", headers))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).getObject(.init(bucket: "documents", key: "a"))
        }

        #expect(error?.code == .checksumMismatch)
        #expect(transport.requests.count == 3)
    }

    @Test(
        arguments: [
            ["x-amz-checksum-crc32": "AAAAAA==-3"], ["x-amz-checksum-crc64nvme": "AAAAAA=="],
            ["x-amz-checksum-sha256": "AAAA"],
            ["x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-type": "COMPOSITE"], [:],
        ] as [Headers])
    func `a checksum of parts or of an unknown kind is not compared`(headers: Headers) async throws {
        let transport = ScriptedTransport(.status(200, "hello", headers))

        let output = try await s3(transport).getObject(.init(bucket: "documents", key: "a"))

        #expect(output.body == hello)
    }

    @Test func `a range is asked for, and the whole's checksum is not compared with it`() async throws {
        let headers: Headers = ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA=", "Content-Range": "bytes 0-4/443"]
        let transport = ScriptedTransport(.status(206, "hello", headers))

        let output = try await s3(transport).getObject(
            .init(bucket: "documents", key: "a", range: 0...4, ifMatch: "e")
        )

        #expect(transport.requests.first?.headers["Range"] == "bytes=0-4")
        #expect(transport.requests.first?.headers["If-Match"] == "\"e\"")
        #expect(output.info.contentRange == "bytes 0-4/443")
    }

    @Test func `an absent object and an absent bucket are told apart`() async throws {
        for code in [ServiceError.Code.noSuchKey, .noSuchBucket] {
            let transport = ScriptedTransport(.status(404, "<Error><Code>\(code)</Code></Error>"))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await s3(transport).getObject(.init(bucket: "documents", key: "a"))
            }
            #expect(error?.code == code)
        }
    }

    // MARK: - Presigned URLs

    @Test func `a presigned URL carries token, lifetime and signature, and makes no call`() async throws {
        let transport = ScriptedTransport(.status(200))

        let url = try await s3(transport).presignedURL(bucket: "documents", key: "a b", lifetime: .seconds(900))

        #expect(url.hasPrefix("https://documents.s3.us-east-1.amazonaws.com/a%20b?X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
        #expect(url.contains("&X-Amz-Expires=900&X-Amz-Security-Token=token&X-Amz-SignedHeaders=host&X-Amz-Signature="))
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(604_801)])
    func `a lifetime that S3 would refuse is refused`(lifetime: Duration) async throws {
        let s3 = try s3(ScriptedTransport(.status(200)))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3.presignedURL(bucket: "documents", key: "a", lifetime: lifetime)
        }

        #expect(error?.code == .invalidRequest)
    }
}
