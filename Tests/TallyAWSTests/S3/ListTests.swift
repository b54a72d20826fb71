import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct ListTests {
    private func s3(_ transport: ScriptedTransport) throws -> S3 { S3(try .scripted(transport, overrides: [:])) }

    @Test func `ListObjectsV2 reads keys in the clear, prefixes and the token`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                """
                <?xml version="1.0"?><ListBucketResult><Name>documents</Name><EncodingType>url</EncodingType>
                <Contents><Key>a/b%2B+c%00%C3%BC</Key><Size>7</Size><ETag>&quot;e&quot;</ETag>
                <LastModified>2026-11-21T01:02:03.000Z</LastModified><StorageClass>STANDARD</StorageClass><New/></Contents>
                <Contents><Key>z</Key><Size>0</Size></Contents><CommonPrefixes><Prefix>x+y/</Prefix></CommonPrefixes>
                <IsTruncated>true</IsTruncated><NextContinuationToken>t/2=</NextContinuationToken></ListBucketResult>
                """))

        let (record, _) = try await recorded {
            let output = try await s3(transport).listObjectsV2(
                .init(
                    bucket: "documents", prefix: "a/", delimiter: "/", startAfter: "a", maximumKeys: 2,
                    continuationToken: "t/1="), models: [.test])
            #expect(output.objects.map(\.key) == ["a/b+ c\0ü", "z"])
            #expect(output.objects.map(\.size) == [7, 0])
            #expect(output.objects.first?.eTag == "\"e\"")
            #expect(output.objects.first?.lastModified == Timestamp(iso8601: "2026-11-21T01:02:03Z"))
            #expect(output.commonPrefixes == ["x y/"])
            #expect(output.nextContinuationToken == "t/2=")
        }

        let query =
            "continuation-token=t%2F1%3D&delimiter=%2F&encoding-type=url&list-type=2&max-keys=2&prefix=a%2F"
            + "&start-after=a"
        #expect(transport.requests.map { String($0.query) } == [query])
        #expect(record?.itemCount == 2)
    }

    @Test func `all pages are walked through, those without objects as well`() async throws {
        func page(_ keys: [String], next: String?) -> ScriptedTransport.Answer {
            let contents = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
            let token = next.map {
                "<IsTruncated>true</IsTruncated><NextContinuationToken>\($0)</NextContinuationToken>"
            }
            return .status(200, "<ListBucketResult>\(contents)\(token ?? "")</ListBucketResult>")
        }
        let transport = ScriptedTransport(
            page(["a", "b"], next: "1"), page([], next: "2"), page(["c"], next: nil))

        var keys: [String] = []
        for try await object in try s3(transport).objects(.init(bucket: "documents")) { keys.append(object.key) }

        #expect(keys == ["a", "b", "c"])
        #expect(transport.requests.count == 3)
        #expect(transport.requests.last?.query.hasPrefix("continuation-token=2&") == true)
    }

    @Test(arguments: [0, 1_001])
    func `a page of a size that S3 refuses is never asked for`(count: Int) async throws {
        let transport = ScriptedTransport(.status(200, ""))

        await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).listObjectsV2(.init(bucket: "documents", maximumKeys: count))
        }

        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: ["", "   ", "<html/>", "<ListBucketResult>", "{}"])
    func `a list that is none is asked for again`(body: String) async throws {
        let transport = ScriptedTransport(.status(200, body), .status(200, "<ListBucketResult/>"))

        let output = try await s3(transport).listObjectsV2(.init(bucket: "documents"))

        #expect(output.objects.isEmpty && transport.requests.count == 2)
    }

    @Test func `DeleteObjects names the keys that were not removed`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                "<DeleteResult><Error><Key>b&lt;</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"
            ))

        let (record, _) = try await recorded {
            let failures = try await s3(transport).deleteObjects(["a", "b<"], bucket: "documents", models: [.test])
            #expect(failures == [S3.DeleteFailure(key: "b<", code: "AccessDenied", message: "no")])
        }

        let request = try #require(transport.requests.first)
        #expect(request.method == .post && request.query == "delete=")
        #expect(
            request.bodyText
                == "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key></Object>"
                + "<Object><Key>b&lt;</Key></Object><Quiet>true</Quiet></Delete>")
        var sum = CRC32()
        sum.update(request.body.bytes ?? [])
        #expect(request.headers["x-amz-checksum-crc32"] == sum.base64)
        #expect(record?.itemCount == 1)
    }

    @Test(arguments: [0, 1_001])
    func `a number of keys that S3 refuses is never sent`(count: Int) async throws {
        let transport = ScriptedTransport(.status(200, ""))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await s3(transport).deleteObjects(Array(repeating: "a", count: count), bucket: "documents")
        }

        #expect(error?.message == "one request takes 1 to 1000 keys, this one has \(count).")
        #expect(transport.requests.isEmpty)
    }

    @Test func `parts and open uploads are listed page by page`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag><Size>5</Size>"
                    + "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part><IsTruncated>true</IsTruncated>"
                    + "<NextPartNumberMarker>1</NextPartNumberMarker></ListPartsResult>"),
            .status(
                200,
                "<ListMultipartUploadsResult><EncodingType>url</EncodingType><Upload><Key>a%2Fb</Key>"
                    + "<UploadId>u1</UploadId><Initiated>2026-11-21T01:02:03Z</Initiated></Upload>"
                    + "<IsTruncated>true</IsTruncated><NextKeyMarker>a%2Fb</NextKeyMarker>"
                    + "<NextUploadIdMarker>u1</NextUploadIdMarker></ListMultipartUploadsResult>"),
            .status(200, "<ListMultipartUploadsResult/>"))
        let s3 = try s3(transport)

        let parts = try await s3.listParts(
            of: S3.MultipartUpload(target: .init(bucket: "documents", key: "a"), id: "u1"), after: 7)
        let first = try await s3.listMultipartUploads(bucket: "documents", prefix: "a")
        let second = try await s3.listMultipartUploads(bucket: "documents", after: first.next)

        #expect(parts.parts == [S3.UploadedPart(number: 1, eTag: "\"a\"", checksum: "AAAAAAAAAAA=", size: 5)])
        #expect(parts.nextPartNumber == 1)
        #expect(first.uploads.map(\.key) == ["a/b"] && first.uploads.map(\.id) == ["u1"])
        #expect(first.uploads.first?.initiated == Timestamp(iso8601: "2026-11-21T01:02:03Z"))
        #expect(second.uploads.isEmpty && second.next == nil)
        #expect(
            transport.requests.map(\.query) == [
                "part-number-marker=7&uploadId=u1", "encoding-type=url&prefix=a&uploads=",
                "encoding-type=url&key-marker=a%2Fb&upload-id-marker=u1&uploads=",
            ])
    }
}
