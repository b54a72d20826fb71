import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// What a server accepts that recomputes every signature, and what it refuses.
@Suite(.enabled(if: VerifyingServer.areRunning, "verifying_servers.py is not running"))
struct VerifyingServersTests {
    private let bucket = VerifyingServer.bucket
    private let prefix = UserAgent.callID()

    private static let keys = [
        "plain.txt", "a b/ü+&=?#%.txt", "*'()!~-._", "日本語/€", "100%", "a+b c%20d", "semi;colon:at@dollar$comma,",
        "[x]{y}|^`\\\"<>",
    ]

    // MARK: - S3

    @Test(arguments: VerifyingServer.all, keys)
    func `an object of any key is put, told, read and removed`(
        server: VerifyingServer, name: String
    ) async throws {
        let client = try server.client()
        let s3 = S3(client)
        let key = "\(prefix)/\(name)"
        let content = RandomBytes.generate(10_000)
        var put = S3.PutObjectInput(bucket: bucket, key: key, body: content, contentType: "text/plain")
        put.attributes.metadata = ["owner": "ann  b"]

        try await s3.putObject(put)
        let input = S3.GetObjectInput(bucket: bucket, key: key)
        let info = try await s3.headObject(input)
        #expect(info.contentLength == 10_000 && info.contentType == "text/plain")
        #expect(try await s3.getObject(input).body == content)
        #expect(try await s3.getObject(.init(bucket: bucket, key: key, range: 5...9)).body == Array(content[5...9]))

        try await s3.deleteObject(bucket: bucket, key: key)
        let error = await #expect(throws: ServiceError.self) { try await s3.headObject(input) }
        #expect(error?.code == .noSuchKey)
    }

    @Test(arguments: keys)
    func `an object of any key is written and read by whoever has a URL`(name: String) async throws {
        let client = try VerifyingServer.seaweedFS.client()
        let s3 = S3(client)
        let key = "\(prefix)/shared/\(name)"

        let write = try await s3.presignedUploadURL(
            bucket: bucket, key: key, contentType: "text/css", lifetime: .seconds(60))
        let stored = try await client.transport.send(
            Request(.put, write, headers: ["Content-Type": "text/css"], body: .bytes([1, 2, 3])))
        #expect(stored.status == 200)
        let read = try await s3.presignedURL(bucket: bucket, key: key, lifetime: .seconds(60))
        #expect(try await client.transport.send(Request(.get, read)).body == [1, 2, 3])
    }

    @Test(arguments: VerifyingServer.all, [PayloadSigning.always, .never])
    func `content is accepted signed and unsigned, from memory and as a stream`(
        server: VerifyingServer, signing: PayloadSigning
    ) async throws {
        let s3 = S3(try server.client(signing: signing))
        let content = RandomBytes.generate(200_000)
        let file = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)")
        try Data(content).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        for (name, body) in [("memory", RequestBody.bytes(content)), ("stream", try .file(file.path))] {
            for algorithm in [S3.ChecksumAlgorithm.crc64NVME, .crc32] {
                let key = "\(prefix)/\(name)-\(algorithm.rawValue)-\(signing.rawValue)"
                var put = S3.PutObjectInput(bucket: bucket, key: key, content: body)
                put.checksumAlgorithm = algorithm
                try await s3.putObject(put)
                #expect(try await s3.getObject(.init(bucket: bucket, key: key)).body == content)
            }
        }
    }

    @Test(arguments: VerifyingServer.all)
    func `a wrong secret is refused, and told with what to do`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client(secret: "wrong"))

        let error = await #expect(throws: ServiceError.self) {
            try await s3.putObject(.init(bucket: bucket, key: prefix, body: [1]))
        }

        #expect(error?.status == 403)
        #expect(error?.attempts == 1)
        #expect(error?.description.contains("Check AWS_SECRET_ACCESS_KEY") == true)
    }

    @Test(arguments: [Duration.seconds(-3_600), .seconds(3_600)])
    func `a clock that is an hour off is corrected by the server's own`(offset: Duration) async throws {
        let s3 = S3(try VerifyingServer.seaweedFS.client(clockOffset: offset))

        let (record, snapshot) = try await recorded {
            try await s3.putObject(.init(bucket: bucket, key: "\(prefix)/skewed", body: [1]), models: [.test])
            try await s3.deleteObject(bucket: bucket, key: "\(prefix)/skewed", models: [.test])
        }

        #expect(record?.attempts == 1)
        #expect(snapshot.s3Attempts == 3)
    }

    @Test func `a presigned URL that was changed or has expired is refused`() async throws {
        let client = try VerifyingServer.seaweedFS.client()
        let s3 = S3(client)
        try await s3.putObject(.init(bucket: bucket, key: "\(prefix)/shared", body: [1]))
        let url = try await s3.presignedURL(bucket: bucket, key: "\(prefix)/shared", lifetime: .seconds(60))
        let old = S3(try VerifyingServer.seaweedFS.client(clockOffset: .seconds(-120)))
        let expired = try await old.presignedURL(bucket: bucket, key: "\(prefix)/shared", lifetime: .seconds(60))

        for refused in [url.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=600"), expired] {
            #expect(try await client.transport.send(Request(.get, refused)).status == 403)
        }
    }

    @Test func `content that does not match its checksum is refused`() async throws {
        let client = try VerifyingServer.seaweedFS.client()
        let s3 = S3(client)
        func call() throws -> ServiceCall {
            var call = try s3.call(
                "PutObject", .put, bucket: bucket, key: "\(prefix)/wrong",
                headers: ["x-amz-checksum-crc32": "AAAAAA=="], body: .bytes([1, 2, 3]), models: [])
            call.payload = .unsigned
            return call
        }

        let error = await #expect(throws: ServiceError.self) {
            try await client.send(call()) { (_, _) throws(ServiceError) in }
        }

        #expect(error?.status == 400)
        #expect(error?.attempts == 1)
    }

    @Test(arguments: VerifyingServer.all)
    func `an upload in parts is listed, completed and read`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())
        let content = RandomBytes.generate(11 * 1_024 * 1_024)
        let target = S3.UploadTarget(bucket: bucket, key: "\(prefix)/parts")

        let upload = try await s3.createMultipartUpload(target)
        let half = 6 * 1_024 * 1_024
        let first = try await s3.uploadPart(1, content[..<half], of: upload)
        let listed = try await s3.listParts(of: upload)
        #expect(listed.parts.map(\.number) == [1] && listed.parts.map(\.size) == [half])
        #expect(try await s3.listMultipartUploads(bucket: bucket, prefix: prefix).uploads.map(\.id) == [upload.id])
        let second = try await s3.uploadPart(2, content[half...], of: upload)
        _ = try await s3.completeMultipartUpload(upload, parts: [first, second])

        #expect(try await s3.getObject(.init(bucket: bucket, key: target.key)).body == content)
        #expect(try await s3.listMultipartUploads(bucket: bucket, prefix: prefix).uploads.isEmpty)
    }

    @Test(arguments: VerifyingServer.all)
    func `15 MiB from a file travel in five calls of parts that S3 takes`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())
        let content = RandomBytes.generate(15 * 1_024 * 1_024)
        let file = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)")
        try Data(content).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let target = S3.UploadTarget(bucket: bucket, key: "\(prefix)/large")

        let (_, snapshot) = try await recorded { _ = try await s3.upload(file: file.path, to: target) }

        #expect(snapshot.s3Calls == 5)
        try await s3.downloadObject(.init(bucket: bucket, key: target.key), to: file.path)
        #expect(try Data(contentsOf: file) == Data(content))
    }

    @Test func `a part below 5 MiB is refused by moto, which knows the minimum`() async throws {
        let s3 = S3(try VerifyingServer.moto.client())
        let upload = try await s3.createMultipartUpload(.init(bucket: bucket, key: "\(prefix)/small"))
        let parts = [
            try await s3.uploadPart(1, RandomBytes.generate(S3.partSize - 1)[...], of: upload),
            try await s3.uploadPart(2, [1], of: upload),
        ]

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3.completeMultipartUpload(upload, parts: parts)
        }

        #expect(error?.code.rawValue == "EntityTooSmall")
        try await s3.abortMultipartUpload(upload)
    }

    @Test(arguments: VerifyingServer.all)
    func `objects are listed in order, page by page, and removed at once`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())
        let names = ["a b", "ä", "folder/1", "folder/2", "z+z&<"]
        for name in names { try await s3.putObject(.init(bucket: bucket, key: "\(prefix)/\(name)", body: [1])) }

        var listed: [String] = []
        for try await object in s3.objects(.init(bucket: bucket, prefix: "\(prefix)/", maximumKeys: 2)) {
            listed.append(String(object.key.dropFirst(prefix.count + 1)))
        }
        #expect(listed == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        let folders = try await s3.listObjectsV2(.init(bucket: bucket, prefix: "\(prefix)/", delimiter: "/"))
        #expect(folders.commonPrefixes == ["\(prefix)/folder/"])
        #expect(folders.objects.count == 3)

        let failures = try await s3.deleteObjects(names.map { "\(prefix)/\($0)" }, bucket: bucket)
        #expect(failures.isEmpty)
        #expect(try await s3.listObjectsV2(.init(bucket: bucket, prefix: "\(prefix)/")).objects.isEmpty)
    }

    @Test(arguments: VerifyingServer.all)
    func `tags come with an upload, are replaced and removed`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())
        let key = "\(prefix)/tagged"
        var put = S3.PutObjectInput(bucket: bucket, key: key, body: [1])
        put.attributes.tags = ["team": "a b", "x": "1=2"]

        try await s3.putObject(put)
        #expect(try await s3.getObjectTagging(bucket: bucket, key: key) == ["team": "a b", "x": "1=2"])
        try await s3.putObjectTagging(["only": "one"], bucket: bucket, key: key)
        #expect(try await s3.getObjectTagging(bucket: bucket, key: key) == ["only": "one"])
        try await s3.deleteObjectTagging(bucket: bucket, key: key)
        #expect(try await s3.getObjectTagging(bucket: bucket, key: key).isEmpty)
    }

    @Test(arguments: VerifyingServer.all)
    func `conditions decide what is written and read`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())
        let key = "\(prefix)/conditional"
        let stored = try await s3.putObject(.init(bucket: bucket, key: key, body: [1], condition: .ifAbsent))
        let eTag = try #require(stored.eTag)

        let again = await #expect(throws: ServiceError.self) {
            try await s3.putObject(.init(bucket: bucket, key: key, body: [2], condition: .ifAbsent))
        }
        #expect(again?.code == .preconditionFailed && again?.isConditionalFailure == true)
        let same = await #expect(throws: ServiceError.self) {
            _ = try await s3.getObject(.init(bucket: bucket, key: key, ifNoneMatch: eTag))
        }
        #expect(same?.code == .notModified)
        let other = await #expect(throws: ServiceError.self) {
            _ = try await s3.getObject(.init(bucket: bucket, key: key, ifMatch: "0123"))
        }
        #expect(other?.code == .preconditionFailed)
        try await s3.putObject(.init(bucket: bucket, key: key, body: [3], condition: .ifMatch(eTag)))
        #expect(try await s3.getObject(.init(bucket: bucket, key: key)).body == [3])
    }

    @Test(arguments: VerifyingServer.all)
    func `a bucket that is not there is told`(server: VerifyingServer) async throws {
        let s3 = S3(try server.client())

        try await s3.headBucket(bucket)
        let error = await #expect(throws: ServiceError.self) { try await s3.headBucket("no-such-bucket-\(prefix)") }

        #expect(error?.code == .noSuchBucket)
    }

    // MARK: - DynamoDB and KMS

    @Test func `DynamoDB's and KMS's requests are signed as moto recomputes them`() async throws {
        let client = try VerifyingServer.moto.client()
        let dynamoDB = DynamoDB(client)
        let table = "tally-\(prefix)"

        try await dynamoDB.createTable(.init(table: table, keys: [.partition("pk")]))
        let item: Item = ["pk": .string("ü \u{1F600}"), "n": .number(1)]
        _ = try await dynamoDB.putItem(.init(table: table, item: WireItem(item)))
        let got = try await dynamoDB.getItem(.init(table: table, key: WireItem(["pk": .string("ü \u{1F600}")])))
        #expect(try got.item?.item() == item)
        try await dynamoDB.deleteTable(table)

        let answer = try await client.call(
            service: .kms, target: "TrentService.CreateKey", body: Array(#"{"Description":"tally"}"#.utf8))
        #expect(String(decoding: answer, as: UTF8.self).contains("SYMMETRIC_DEFAULT"))
    }

    @Test func `a DynamoDB request signed with a wrong secret is refused once`() async throws {
        let dynamoDB = DynamoDB(try VerifyingServer.moto.client(secret: "wrong"))

        let error = await #expect(throws: ServiceError.self) { _ = try await dynamoDB.listTables() }

        #expect(error?.status == 403)
        #expect(error?.attempts == 1)
    }
}
