import Synchronization
import TallyAWS
import TallyHTTP
import TallyWire

/// Makes calls and looks whether each got its own answer.
struct SoakCaller {
    /// An answer that is not the call's own.
    struct WrongAnswer: Error {
        let call: Int
        let operation: SoakOperation
    }

    let dynamoDB: DynamoDB
    let kms: KMS
    let s3: S3

    init(_ client: ServiceClient) {
        dynamoDB = DynamoDB(client)
        kms = KMS(client)
        s3 = S3(client)
    }

    func make(_ operation: SoakOperation, call: Int) async throws {
        let isRight =
            switch operation {
            case .getItem, .putItem, .updateItem, .query: try await item(operation, call)
            case .generateDataKey, .decrypt: try await key(operation, call)
            default: try await object(operation, call)
            }
        guard isRight else { throw WrongAnswer(call: call, operation: operation) }
    }

    private func item(_ operation: SoakOperation, _ call: Int) async throws -> Bool {
        let item = WireItem(["call": .number(Number(call))])
        let answer: [WireItem]
        switch operation {
        case .getItem:
            answer = [try await dynamoDB.getItem(.init(table: "soak", key: item)).item].compactMap(\.self)
        case .putItem:
            _ = try await dynamoDB.putItem(.init(table: "soak", item: item))
            return true
        case .updateItem:
            let update = Expression("SET n = :n", values: [":n": .number(Number(1))])
            let output = try await dynamoDB.updateItem(
                .init(table: "soak", key: item, update: update, returnValues: .allNew))
            answer = [output.attributes].compactMap(\.self)
        default:
            let condition = Expression("call = :call", values: [":call": .number(Number(call))])
            answer = try await dynamoDB.query(.init(table: "soak", keyCondition: condition)).items
            guard answer.count == 2 else { return false }
        }
        return try !answer.isEmpty && answer.allSatisfy { try $0.item() == ["call": .number(Number(call))] }
    }

    private func key(_ operation: SoakOperation, _ call: Int) async throws -> Bool {
        let expected = Content.key(of: call)
        if operation == .decrypt {
            let output = try await kms.decrypt(.init(ciphertext: expected, key: "key"))
            return output.plaintext.withUnsafeBytes { Array($0) } == expected
        }
        let output = try await kms.generateDataKey(.init(key: "key", encryptionContext: ["call": "\(call)"]))
        return output.wrappedKey == expected && output.plaintext.withUnsafeBytes { Array($0) } == expected
    }

    private func object(_ operation: SoakOperation, _ call: Int) async throws -> Bool {
        let content = Content(of: call)
        let object = S3.GetObjectInput(bucket: "soak", key: "\(call)")
        switch operation {
        case .putObject:
            let output = try await s3.putObject(.init(bucket: "soak", key: "\(call)", body: content.bytes))
            return output.eTag == "\"\(call)\""
        case .putStream:
            let body = RequestBody.stream(count: content.bytes.count) { Self.stream(content.bytes) }
            let output = try await s3.putObject(.init(bucket: "soak", key: "\(call)", content: body))
            return output.eTag == "\"\(call)\""
        case .getObject:
            return content.equals(try await s3.getObject(object).body)
        case .streamObject:
            return content.equals(try await s3.streamObject(object).body.collect())
        case .dropObject:
            // The caller reads one piece at most and loses interest.
            var pieces = try await s3.streamObject(object).body.makeAsyncIterator()
            return call % 2 == 0 ? true : content.begins(with: try await pieces.next() ?? [])
        default:
            return try await s3.headObject(object).contentLength == content.bytes.count
        }
    }

    private static func stream(_ bytes: [UInt8]) -> ByteStream {
        // Pieces of 30,000 bytes, so that a body has several.
        let rest = Mutex(bytes[...])
        return ByteStream {
            rest.withLock { rest in
                defer { rest = rest.dropFirst(30_000) }
                return rest.isEmpty ? nil : Array(rest.prefix(30_000))
            }
        }
    }
}
