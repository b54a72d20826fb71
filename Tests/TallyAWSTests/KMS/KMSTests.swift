import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

struct KMSTests {
    private let arn = "arn:aws:kms:us-east-1:1:key/x"
    private let plaintext = (0..<32).map { UInt8($0) }

    private func kms(_ transport: ScriptedTransport) throws -> KMS { KMS(try .scripted(transport)) }

    @Test func `GenerateDataKey returns the key in both forms and the key's ARN`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"CiphertextBlob":"AQID","KeyId":"\#(arn)","Plaintext":"\#(Base64.encode(plaintext))","New":{"a":1}}"#
            )
        )

        let (record, snapshot) = try await recorded {
            let output = try await kms(transport).generateDataKey(
                .init(key: "alias/documents", encryptionContext: ["table": "t", "app": "a"]), models: [.test]
            )
            #expect(output.keyARN == arn)
            #expect(output.wrappedKey == [1, 2, 3])
            #expect(output.plaintext.withUnsafeBytes { Array($0) } == plaintext)
        }

        let request = try #require(transport.requests.first)
        #expect(request.target == "TrentService.GenerateDataKey")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(
            request.bodyText
                == #"{"KeyId":"alias/documents","KeySpec":"AES_256","EncryptionContext":{"app":"a","table":"t"}}"#
        )
        #expect(record?.resource == "alias/documents")
        #expect(snapshot.kmsCalls == 1)
    }

    @Test func `Decrypt sends ciphertext, key and context`() async throws {
        let transport = ScriptedTransport(.status(200, #"{"KeyId":"\#(arn)","Plaintext":"AQID"}"#))

        let output = try await kms(transport).decrypt(
            .init(ciphertext: [4, 5], key: arn, encryptionContext: ["table": "t"])
        )

        let request = try #require(transport.requests.first)
        #expect(request.target == "TrentService.Decrypt")
        #expect(
            request.bodyText
                == #"{"CiphertextBlob":"BAU=","KeyId":"\#(arn)","EncryptionContext":{"table":"t"}}"#
        )
        #expect(output.keyARN == arn)
        #expect(output.plaintext.withUnsafeBytes { Array($0) } == [1, 2, 3])
    }

    @Test(arguments: [
        "{}", #"{"KeyId":"k","CiphertextBlob":"AQID"}"#, #"{"KeyId":"k","CiphertextBlob":"AQID","Plaintext":"AQID"}"#,
    ])
    func `an answer without a whole data key is an error`(body: String) async throws {
        let error = await #expect(throws: ServiceError.self) {
            _ = try await kms(ScriptedTransport(.status(200, body))).generateDataKey(.init(key: "k"))
        }

        #expect(error?.code == .invalidResponse)
    }

    @Test func `a malformed answer is told without its content`() async throws {
        let error = await #expect(throws: ServiceError.self) {
            let transport = ScriptedTransport(.status(200, #"{"Plaintext":"c2VjcmV0"#))
            _ = try await kms(transport).decrypt(.init(ciphertext: []))
        }

        #expect(error?.code == .invalidResponse)
        #expect(error?.description.contains("c2VjcmV0") == false)
    }

    @Test func `a changed ciphertext is refused once, with what it may mean`() async throws {
        let transport = ScriptedTransport(.status(400, #"{"__type":"InvalidCiphertextException"}"#))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await kms(transport).decrypt(.init(ciphertext: [1]))
        }

        #expect(transport.requests.count == 1)
        #expect(error?.description.contains("encryption context") == true)
    }

    @Test func `DescribeKey tells the key's state and kind`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"KeyMetadata":{"KeyId":"k-1","Arn":"\#(arn)","KeyState":"Disabled","KeySpec":"SYMMETRIC_DEFAULT","#
                    + #""KeyUsage":"ENCRYPT_DECRYPT","KeyManager":"CUSTOMER","MultiRegion":true,"Description":"d","#
                    + #""DeletionDate":null,"MacAlgorithms":["x"]}}"#))

        let output = try await kms(transport).describeKey("alias/documents")

        #expect(transport.requests.first?.bodyText == #"{"KeyId":"alias/documents"}"#)
        #expect(
            output
                == KMS.DescribeKeyOutput(
                    keyID: "k-1", keyARN: arn, state: "Disabled", spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT",
                    manager: "CUSTOMER", isMultiRegion: true, description: "d"))
        #expect(!output.isEnabled)
    }
}
