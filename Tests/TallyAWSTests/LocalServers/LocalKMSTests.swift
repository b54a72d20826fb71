import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    @Suite struct KMSTests {
        private let client: ServiceClient

        init() throws {
            client = try LocalServers.client()
        }

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

        @Test func `a key is described under its alias`() async throws {
            let described = try await KMS(client).describeKey(LocalServers.keyAlias)

            #expect(described.isEnabled)
            #expect(described.spec == "SYMMETRIC_DEFAULT" && described.manager == "CUSTOMER")
            #expect(described.keyARN.hasSuffix(described.keyID))
        }
    }
}
