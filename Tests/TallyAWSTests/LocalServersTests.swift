import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// What `scripts/local env` names.
private enum LocalServers {
    static let table = value("DOCUMENTS_TABLE")
    static let bucket = value("DOCUMENTS_BUCKET")
    static let keyAlias = value("DOCUMENTS_KEY")

    static var areRunning: Bool {
        [table, bucket, keyAlias, value("AWS_ENDPOINT_URL_DYNAMODB")].allSatisfy { !$0.isEmpty }
    }

    private static func value(_ name: String) -> String { ProcessEnvironment.value(name) ?? "" }
}

/// The operations against real servers on this machine, as `scripts/local` starts them.
///
///     eval "$(scripts/local env)" && swift test --filter LocalServersTests
@Suite(.enabled(if: LocalServers.areRunning, "scripts/local is not running"), .serialized)
struct LocalServersTests {
    private let client: ServiceClient
    private let pk = "DOC#\(UserAgent.callID())"

    init() throws {
        let transport = CurlTransport()
        client = ServiceClient(
            transport: transport, region: try Region(environment: ProcessEnvironment.value),
            credentials: EnvironmentCredentials(),
            endpoints: try Endpoints(environment: ProcessEnvironment.value), sleep: transport.sleep(for:)
        )
    }

    private func key(_ sk: String) -> Item { ["pk": .string(pk), "sk": .string(sk)] }

    // MARK: - DynamoDB

    @Test func `items are put, got, queried, scanned and deleted`() async throws {
        let dynamoDB = DynamoDB(client)
        let items = (1...3).map { key("v\($0)").merging(["title": .string(pk), "n": .number(Number($0))]) { $1 } }

        let (_, snapshot) = try await recorded {
            for item in items {
                _ = try await dynamoDB.putItem(.init(table: LocalServers.table, item: WireItem(item)))
            }
            let got = try await dynamoDB.getItem(
                .init(table: LocalServers.table, key: WireItem(key("v2")), consistentRead: true)
            )
            #expect(try got.item?.item() == items[1])

            let onPartition = Expression("pk = :pk", values: [":pk": .string(pk)])
            let first = try await dynamoDB.query(
                .init(table: LocalServers.table, keyCondition: onPartition, scansForward: false, limit: 2)
            )
            #expect(try first.items.map { try $0.item() } == [items[2], items[1]])
            let second = try await dynamoDB.query(
                .init(
                    table: LocalServers.table, keyCondition: onPartition, scansForward: false,
                    exclusiveStartKey: first.lastEvaluatedKey
                )
            )
            #expect(try second.items.map { try $0.item() } == [items[0]])
            #expect(second.lastEvaluatedKey == nil)

            let byTitle = try await dynamoDB.query(
                .init(
                    table: LocalServers.table, index: "by-title",
                    keyCondition: Expression("#t = :t", names: ["#t": "title"], values: [":t": .string(pk)])
                )
            )
            #expect(byTitle.count == 3)

            let scanned = try await dynamoDB.scan(.init(table: LocalServers.table, filter: onPartition))
            #expect(scanned.count == 3 && scanned.scannedCount >= 3)

            let deleted = try await dynamoDB.deleteItem(
                .init(table: LocalServers.table, key: WireItem(key("v1")), returnValues: .allOld)
            )
            #expect(try deleted.oldItem?.item() == items[0])
        }

        #expect(snapshot.operationCount == 9)
        #expect(snapshot.dynamoDBAttempts == 9)
        #expect((snapshot.readUnits ?? 0) > 0 && (snapshot.writeUnits ?? 0) >= 4)
    }

    @Test func `a condition that fails returns the item that won`() async throws {
        let dynamoDB = DynamoDB(client)
        let item = WireItem(key("v1"))
        let absent = Expression("attribute_not_exists(pk)")
        _ = try await dynamoDB.putItem(.init(table: LocalServers.table, item: item, condition: absent))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await dynamoDB.putItem(
                .init(
                    table: LocalServers.table, item: item, condition: absent, returnValuesOnConditionFailure: .allOld
                )
            )
        }

        #expect(error?.isConditionalFailure == true)
        #expect(try error?.item?.item() == key("v1"))
    }

    @Test func `a table that does not exist is told with what to do`() async throws {
        let error = await #expect(throws: ServiceError.self) {
            _ = try await DynamoDB(client).getItem(.init(table: "no-such-table", key: WireItem(key("v1"))))
        }

        #expect(error?.code == .resourceNotFound)
        #expect(error?.attempts == 1)
        #expect(error?.description.contains("Check that the table") == true)
    }

    // MARK: - KMS

    @Test func `a data key is unwrapped in its own context only`() async throws {
        let kms = KMS(client)
        let context = ["table": LocalServers.table]

        let made = try await kms.generateDataKey(.init(key: LocalServers.keyAlias, encryptionContext: context))
        let opened = try await kms.decrypt(
            .init(ciphertext: made.wrappedKey, key: made.keyARN, encryptionContext: context)
        )

        #expect(opened.keyARN == made.keyARN)
        #expect(opened.plaintext.withUnsafeBytes { Array($0) } == made.plaintext.withUnsafeBytes { Array($0) })
        var changed = made.wrappedKey
        changed[changed.count - 1] ^= 1
        for input in [
            KMS.DecryptInput(ciphertext: made.wrappedKey, encryptionContext: ["table": "other"]),
            KMS.DecryptInput(ciphertext: changed, encryptionContext: context),
        ] {
            let error = await #expect(throws: ServiceError.self) { _ = try await kms.decrypt(input) }
            #expect(error?.code.rawValue == "InvalidCiphertextException")
        }
    }

    @Test func `an alias that does not exist is told with what to do`() async throws {
        let error = await #expect(throws: ServiceError.self) {
            _ = try await KMS(client).generateDataKey(.init(key: "alias/no-such-key"))
        }

        #expect(error?.code.rawValue == "NotFoundException")
        #expect(error?.description.contains("alias/NAME") == true)
    }

    // MARK: - S3

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
