import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    @Suite struct S3Tests {
        private let client: ServiceClient
        private let pk = "DOC#\(UserAgent.callID())"

        init() throws {
            client = try LocalServers.client()
        }

        @Test(arguments: ["plain.txt", "a b/ü+&=?#%.txt", "a//b/./c/../d"])
        func `an object is put once, read in both ways and deleted`(name: String) async throws {
            let s3 = S3(client)
            let key = "\(pk)/\(name)"
            let body = RandomBytes.generate(100_000)
            let put = S3.PutObjectInput(
                bucket: LocalServers.bucket, key: key, body: body, contentType: "text/plain", condition: .ifAbsent
            )

            let (_, snapshot) = try await recorded {
                try await s3.putObject(put)
                let again = await #expect(throws: ServiceError.self) { try await s3.putObject(put) }
                #expect(again?.code == .preconditionFailed)

                let input = S3.GetObjectInput(bucket: LocalServers.bucket, key: key)
                let got = try await s3.getObject(input)
                #expect(got.body == body)
                #expect(got.info.contentType == "text/plain")
                #expect(try await s3.streamObject(input).body.collect() == body)
                let part = try await s3.getObject(.init(bucket: LocalServers.bucket, key: key, range: 10...19))
                #expect(part.body == Array(body[10...19]))

                let url = try await s3.presignedURL(bucket: LocalServers.bucket, key: key, lifetime: .seconds(60))
                let response = try await client.transport.send(Request(.get, url))
                #expect(response.body == body)

                try await s3.deleteObject(bucket: LocalServers.bucket, key: key)
                let gone = await #expect(throws: ServiceError.self) { _ = try await s3.getObject(input) }
                #expect(gone?.code == .noSuchKey)
            }

            #expect(snapshot.s3BytesUploaded == 100_000)
            #expect(snapshot.s3BytesDownloaded == 200_010)
        }

        @Test func `15 MiB travel in five calls and come back unchanged`() async throws {
            let s3 = S3(client)
            let key = "\(pk)/large"
            let body = RandomBytes.generate(15 * 1_024 * 1_024)

            let (_, snapshot) = try await recorded {
                _ = try await s3.upload(body, to: .init(bucket: LocalServers.bucket, key: key, condition: .ifAbsent))
            }

            #expect(snapshot.s3Calls == 5)
            #expect(snapshot.s3Attempts == 5)
            let copy = "\(key).copy"
            let source = try await s3.streamObject(.init(bucket: LocalServers.bucket, key: key))
            _ = try await s3.upload(
                source.body, length: try #require(source.info.contentLength),
                to: .init(bucket: LocalServers.bucket, key: copy)
            )
            #expect(try await s3.getObject(.init(bucket: LocalServers.bucket, key: copy)).body == body)
            try await s3.deleteObject(bucket: LocalServers.bucket, key: key)
            try await s3.deleteObject(bucket: LocalServers.bucket, key: copy)
        }
    }
}
