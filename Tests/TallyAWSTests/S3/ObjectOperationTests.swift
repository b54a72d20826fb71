import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct ObjectOperationTests {
    private let clock = FixedClock()

    private func s3(_ transport: ScriptedTransport) throws -> S3 {
        S3(try .scripted(transport, clock: clock, overrides: [:]))
    }

    // MARK: - Attributes

    @Test func `attributes travel as headers, and come back from them`() async throws {
        let transport = ScriptedTransport(
            .status(200, ""),
            .status(
                200, "",
                [
                    "Content-Length": "5", "Content-Type": "text/plain", "ETag": "\"e\"", "x-amz-meta-Owner": "ann",
                    "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT", "x-amz-storage-class": "STANDARD_IA",
                    "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=", "Cache-Control": "no-cache",
                ]))
        var input = S3.PutObjectInput(bucket: "documents", key: "a", body: [1], contentType: "text/plain")
        input.attributes.contentEncoding = "gzip"
        input.attributes.contentDisposition = "attachment"
        input.attributes.contentLanguage = "de"
        input.attributes.cacheControl = "no-cache"
        input.attributes.metadata = ["owner": "ann", "age": "7"]
        input.attributes.tags = ["team": "a b", "ü": "&"]
        input.attributes.storageClass = "STANDARD_IA"
        input.attributes.encryptionKey = "alias/k"
        let s3 = try s3(transport)

        try await s3.putObject(input)
        let info = try await s3.headObject(.init(bucket: "documents", key: "a"))

        let headers = try #require(transport.requests.first).headers
        for (name, value) in [
            ("Content-Encoding", "gzip"), ("Content-Disposition", "attachment"), ("Content-Language", "de"),
            ("Cache-Control", "no-cache"), ("x-amz-meta-owner", "ann"), ("x-amz-meta-age", "7"),
            ("x-amz-tagging", "team=a%20b&%C3%BC=%26"), ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-server-side-encryption", "aws:kms"), ("x-amz-server-side-encryption-aws-kms-key-id", "alias/k"),
        ] {
            #expect(headers[name] == value)
        }
        #expect(info.contentLength == 5 && info.contentType == "text/plain" && info.eTag == "\"e\"")
        #expect(info.metadata == ["owner": "ann"])
        #expect(info.lastModified == Timestamp(milliseconds: 784_111_777_000))
        #expect(
            info.storageClass == "STANDARD_IA" && info.checksum == "M3eFcAZSQlc=" && info.cacheControl == "no-cache")
    }

    @Test(arguments: ["a\nb", "ü", "\u{7F}"])
    func `metadata that no header can hold is never sent`(value: String) async throws {
        let transport = ScriptedTransport(.status(200, ""))
        var input = S3.PutObjectInput(bucket: "documents", key: "a", body: [1])
        input.attributes.metadata = ["name": value]
        let (s3, put) = (try s3(transport), input)

        let error = await #expect(throws: ServiceError.self) { try await s3.putObject(put) }

        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("the metadata \"name\" is not printable ASCII") == true)
        #expect(transport.requests.isEmpty)
    }

    // MARK: - Checksums

    @Test func `CRC32 can take the place of CRC64NVME`() async throws {
        let transport = ScriptedTransport(.status(200, ""))
        var input = S3.PutObjectInput(bucket: "documents", key: "a", body: Array("hello".utf8))
        input.checksumAlgorithm = .crc32

        let output = try await s3(transport).putObject(input)

        #expect(output.checksum == "NhCmhg==")
        #expect(transport.requests.first?.headers["x-amz-checksum-crc32"] == "NhCmhg==")
        #expect(transport.requests.first?.headers["x-amz-checksum-crc64nvme"] == nil)
    }

    @Test func `an object that S3 keeps another checksum of is an error`() async throws {
        let transport = ScriptedTransport(.status(200, "", ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="]))

        let error = await #expect(throws: ServiceError.self) {
            try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: Array("hello".utf8)))
        }

        #expect(error?.code == .checksumMismatch)
        #expect(error?.message == "the content's CRC64NVME is M3eFcAZSQlc=, S3 kept AAAAAAAAAAA=")
    }

    @Test(
        arguments: [
            ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA=-3"], ["x-amz-checksum-sha256": "AAAA"],
            ["x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-type": "COMPOSITE"],
            ["x-amz-checksum-crc32c": "AAAAAA=="],
        ] as [Headers])
    func `a checksum of parts, or of an unknown kind, is no error`(headers: Headers) async throws {
        let transport = ScriptedTransport(.status(200, "hello", headers))

        let object = try await s3(transport).getObject(.init(bucket: "documents", key: "a"))

        #expect(object.body == Array("hello".utf8))
        #expect(object.info.checksum == nil)
    }

    @Test(arguments: [
        (true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"), (false, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ])
    func `a stream is framed with its checksum behind it`(isPlain: Bool, hash: String) async throws {
        let transport = ScriptedTransport(.status(200, "", ["x-amz-checksum-crc64nvme": "M3eFcAZSQlc="]))
        let s3 = S3(try .scripted(transport, clock: clock, overrides: isPlain ? [.s3: ServiceClient.local] : [:]))
        let content = RequestBody.stream(count: 5) {
            try RequestBody.bytes(Array("hello".utf8)).open()
        }

        let (record, _) = try await recorded {
            let output = try await s3.putObject(
                .init(bucket: "documents", key: "a", content: content), models: [.test])
            #expect(output.checksum == "M3eFcAZSQlc=")
        }

        let request = try #require(transport.requests.first)
        #expect(request.headers["x-amz-content-sha256"] == hash)
        #expect(request.headers["x-amz-decoded-content-length"] == "5")
        #expect(request.headers["x-amz-trailer"] == "x-amz-checksum-crc64nvme")
        let framed = String(decoding: try await request.body.open().collect(), as: UTF8.self)
        #expect(framed.contains("\r\nhello\r\n0"))
        #expect(framed.contains("\r\nx-amz-checksum-crc64nvme:M3eFcAZSQlc=\r\n"))
        #expect(framed.contains(";chunk-signature=") == isPlain)
        #expect(record?.bytesUploaded == 5)
    }

    @Test func `the payload is signed when, and only when, the policy says so`() async throws {
        for (policy, override, isSigned) in [
            (PayloadSigning.whenInsecure, false, false), (.whenInsecure, true, true), (.always, false, true),
            (.never, true, false),
        ] {
            let transport = ScriptedTransport(.status(200, ""))
            let client = ServiceClient(
                transport: transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: try Endpoints(overrides: override ? [.s3: ServiceClient.local] : [:]), retry: .standard,
                payloadSigning: policy, effects: clock.effects)

            try await S3(client).putObject(.init(bucket: "documents", key: "a", body: Array("hello".utf8)))

            let hash = transport.requests.first?.headers["x-amz-content-sha256"]
            #expect(hash == (isSigned ? Hex.encode(SHA256.hash(Array("hello".utf8))) : "UNSIGNED-PAYLOAD"))
        }
    }

    // MARK: - Head, conditions, versions

    @Test(arguments: [
        (404, "NoSuchKey"), (403, "AccessDenied"), (304, "NotModified"), (412, "PreconditionFailed"),
        (301, "PermanentRedirect"), (400, "HTTP400"),
    ])
    func `an answer to HEAD tells its error by the status`(status: Int, code: String) async throws {
        let transport = ScriptedTransport(.status(status, "", ["x-amz-bucket-region": "eu-west-1"]))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).headObject(.init(bucket: "documents", key: "a", ifNoneMatch: "e"))
        }

        #expect(error?.code.rawValue == code)
        #expect(transport.requests.first?.method == .head)
        #expect(transport.requests.first?.headers["If-None-Match"] == "\"e\"")
        #expect(error?.bucketRegion == "eu-west-1")
    }

    @Test func `a bucket in another region is told with its region, and never followed`() async throws {
        let xml =
            "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong</Message>"
            + "<Region>eu-west-1</Region></Error>"
        let transport = ScriptedTransport(.status(400, xml))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).getObject(.init(bucket: "documents", key: "a"))
        }

        #expect(error?.bucketRegion == "eu-west-1")
        #expect(error?.description.hasSuffix("The bucket lies in eu-west-1: use a client of that region.") == true)
        #expect(transport.requests.count == 1)
    }

    @Test func `HeadBucket tells a bucket that is not there`() async throws {
        let transport = ScriptedTransport(.status(404, ""))

        let error = await #expect(throws: ServiceError.self) { try await s3(transport).headBucket("documents") }

        #expect(error?.code == .noSuchBucket)
        #expect(transport.requests.first?.url == "https://documents.s3.us-east-1.amazonaws.com/")
    }

    @Test func `a version and a tag choose what is read and removed`() async throws {
        let transport = ScriptedTransport(.status(200, "x"), .status(204, ""))
        let s3 = try s3(transport)

        _ = try await s3.getObject(.init(bucket: "documents", key: "a", ifMatch: "e", versionID: "v 1"))
        try await s3.deleteObject(bucket: "documents", key: "a", versionID: "v 1", ifMatch: "\"e\"")

        #expect(transport.requests.map(\.query) == ["versionId=v%201", "versionId=v%201"])
        #expect(transport.requests.map { $0.headers["If-Match"] } == ["\"e\"", "\"e\""])
    }

    @Test(arguments: ["BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch"])
    func `content that S3 found changed is not sent again`(code: String) async throws {
        let transport = ScriptedTransport(.status(400, "<Error><Code>\(code)</Code></Error>"))

        await #expect(throws: ServiceError.self) {
            try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: [1]))
        }

        #expect(transport.requests.count == 1)
    }

    @Test func `a request that S3 waited for in vain is sent again`() async throws {
        let transport = ScriptedTransport(
            .status(400, "<Error><Code>RequestTimeout</Code></Error>"), .status(200, ""))

        try await s3(transport).putObject(.init(bucket: "documents", key: "a", body: [1]))

        #expect(transport.requests.count == 2)
    }

    // MARK: - Tags

    @Test func `tags are replaced, read and removed`() async throws {
        let transport = ScriptedTransport(
            .status(200, ""),
            .status(200, "<Tagging><TagSet><Tag><Key>a&amp;b</Key><Value>1</Value></Tag></TagSet></Tagging>"),
            .status(204, ""))
        let s3 = try s3(transport)

        try await s3.putObjectTagging(["a&b": "1", "c": ""], bucket: "documents", key: "k")
        let tags = try await s3.getObjectTagging(bucket: "documents", key: "k")
        try await s3.deleteObjectTagging(bucket: "documents", key: "k")

        #expect(transport.requests.map(\.method) == [.put, .get, .delete])
        #expect(transport.requests.allSatisfy { $0.query == "tagging=" })
        #expect(
            transport.requests.first?.bodyText
                == "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>a&amp;b</Key>"
                + "<Value>1</Value></Tag><Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>")
        #expect(tags == ["a&b": "1"])
    }

    // MARK: - Presigned uploads

    @Test func `a URL for an upload binds type and length`() async throws {
        let url = try await s3(ScriptedTransport()).presignedUploadURL(
            bucket: "documents", key: "a b", contentType: "text/plain", contentLength: 5, lifetime: .seconds(60))

        #expect(url.hasPrefix("https://documents.s3.us-east-1.amazonaws.com/a%20b?X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
        #expect(url.contains("X-Amz-Expires=60"))
        #expect(url.contains("X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost"))
    }

    @Test(arguments: [Duration.zero, .milliseconds(999), .seconds(604_801)])
    func `a lifetime that S3 refuses makes no URL`(lifetime: Duration) async throws {
        let s3 = try s3(ScriptedTransport())

        await #expect(throws: ServiceError.self) {
            _ = try await s3.presignedUploadURL(bucket: "documents", key: "a", lifetime: lifetime)
        }
    }
}
