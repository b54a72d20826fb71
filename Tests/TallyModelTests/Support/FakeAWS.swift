import Foundation
import Synchronization
import Tally

/// DynamoDB, KMS and S3 in memory, as far as the store uses them; keeps what was asked, and fails on demand.
///
/// It understands the two conditions that a version makes and nothing else of expressions.
final class FakeAWS: Transport {
    struct State {
        var calls: [String] = []
        var items: [String: [String: Any]] = [:]
        var objects: [String: [UInt8]] = [:]
        var keys: [[UInt8]: (key: [UInt8], context: NSDictionary)] = [:]
        var failures: [String: [@Sendable () -> Result<Response, TransportError>?]] = [:]
    }

    private let state = Mutex<UncheckedState>(UncheckedState())
    private let atOnce = Mutex((now: 0, most: 0))
    private let observer = Mutex<(@Sendable (String) -> Void)?>(nil)

    // JSONSerialization's values are not Sendable; they never leave the mutex.
    private struct UncheckedState: @unchecked Sendable {
        var state = State()
    }

    /// What was asked, in order: `PutItem`, `GenerateDataKey`, `PUT files/…` and so on.
    var calls: [String] { state.withLock { $0.state.calls } }
    var objects: [String: [UInt8]] { state.withLock { $0.state.objects } }

    func count(_ call: String) -> Int {
        calls.count { $0.hasPrefix(call) }
    }

    /// Answers the next call of an operation with `answer`; `nil` does what was asked and loses the answer.
    func fail(_ operation: String, with answer: Result<Response, TransportError>?) {
        state.withLock { $0.state.failures[operation, default: []].append { answer } }
    }

    /// The answer of a table that is asked for too much.
    let throttling = Response(status: 400, body: Array(#"{"__type":"ThrottlingException"}"#.utf8))

    /// Tells of each call once it was answered, in the task that made it.
    func observe(_ observer: @escaping @Sendable (String) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    /// Changes a stored item behind the store's back.
    func edit(_ key: String, _ change: @Sendable (inout [String: Any]) -> Void) {
        state.withLock { change(&$0.state.items[key, default: [:]]) }
    }

    /// An item as a stream's record has it, in JSON; `null` where there is none.
    func image(_ key: String) throws -> String {
        let json = try state.withLock { state in
            try state.state.items[key].map { Array(try JSONSerialization.data(withJSONObject: $0)) }
        }
        return json.map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    func copySecret(_ attribute: String, from source: String, to target: String, as name: String) {
        state.withLock { state in
            let value = state.state.items[source]?[attribute]
            state.state.items[target]?[name] = value
        }
    }

    /// The most calls that were under way at one time.
    var mostAtOnce: Int { atOnce.withLock { $0.most } }

    func send(_ request: Request) async throws(TransportError) -> Response {
        atOnce.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
        defer { atOnce.withLock { $0.now -= 1 } }
        // Lets every other call that is to be made at the same time begin.
        for _ in 0..<50 { await Task.yield() }
        let (result, call) = state.withLock { ($0.state.answer(request), $0.state.calls.last ?? "") }
        observer.withLock { $0 }?(call)
        return try result.get()
    }

    func stream(_ request: Request) async throws(TransportError) -> StreamedResponse {
        let response = try await send(request)
        let pieces = Mutex([response.body])
        let body = ByteStream { pieces.withLock { $0.popLast() } }
        return StreamedResponse(status: response.status, headers: response.headers, body: body, trip: response.trip)
    }

    /// A store on this, in an account of its own.
    func store() throws -> Store {
        let overrides: [Service: String] = [
            .dynamoDB: "http://127.0.0.1:1", .kms: "http://127.0.0.1:1", .s3: "http://127.0.0.1:1",
        ]
        return Store(
            ServiceClient(
                transport: self, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: try Endpoints(overrides: overrides), sleep: { _ in }))
    }
}

extension FakeAWS.State {
    fileprivate mutating func answer(_ request: Request) -> Result<Response, TransportError> {
        let operation = request.headers["X-Amz-Target"].map { String($0.split(separator: ".")[1]) }
        let path = String(request.url.dropFirst("http://127.0.0.1:1/".count).prefix { $0 != "?" })
        calls.append(operation ?? "\(request.method.rawValue) \(path)")
        var losesAnswer = false
        if var queue = failures[operation ?? request.method.rawValue], !queue.isEmpty {
            let failure = queue.removeFirst()()
            failures[operation ?? request.method.rawValue] = queue
            if let failure { return failure }
            losesAnswer = true
        }
        let response = operation.map { perform($0, Array(request.body.bytes ?? [])) } ?? serveObject(request, path)
        return losesAnswer ? .failure(TransportError(.connectionLost, "fake", attempts: 1)) : .success(response)
    }

    private mutating func perform(_ operation: String, _ body: [UInt8]) -> Response {
        let input = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        switch operation {
        case "PutItem":
            let item = input["Item"] as? [String: Any] ?? [:]
            return write(input, key: name(item)) { $0.items[$1] = item }
        case "DeleteItem":
            return write(input, key: name(input["Key"] as? [String: Any] ?? [:])) { $0.items[$1] = nil }
        case "GetItem":
            let item = items[name(input["Key"] as? [String: Any] ?? [:])]
            return json(["Item": item as Any?, "ConsumedCapacity": ["CapacityUnits": 0.5]])
        case "Query", "Scan":
            let found = items.sorted { $0.key < $1.key }.map(\.value)
            return json(["Items": found, "Count": found.count, "ScannedCount": found.count])
        case "GenerateDataKey":
            let key = RandomBytes.generate(32)
            let wrapped = RandomBytes.generate(40)
            keys[wrapped] = (key, input["EncryptionContext"] as? NSDictionary ?? [:])
            return json([
                "KeyId": "arn:key", "Plaintext": Base64.encode(key), "CiphertextBlob": Base64.encode(wrapped),
            ])
        case "Decrypt":
            let wrapped = (input["CiphertextBlob"] as? String).flatMap { Base64.decode($0) } ?? []
            guard let known = keys[wrapped], known.context == input["EncryptionContext"] as? NSDictionary else {
                return json(["__type": "InvalidCiphertextException", "message": ""], status: 400)
            }
            return json(["KeyId": "arn:key", "Plaintext": Base64.encode(known.key)])
        default:
            return json(["__type": "UnknownOperationException"], status: 400)
        }
    }

    private mutating func write(
        _ input: [String: Any], key: String, _ change: (inout Self, String) -> Void
    ) -> Response {
        let old = items[key]
        guard holds(input, of: old) else {
            let type = "ConditionalCheckFailedException"
            return json(
                ["__type": type, "message": "The conditional request failed", "Item": old as Any?], status: 400)
        }
        change(&self, key)
        let returned = input["ReturnValues"] as? String == "ALL_OLD" ? old : nil
        return json(["Attributes": returned as Any?, "ConsumedCapacity": ["CapacityUnits": 1.0]])
    }

    private func holds(_ input: [String: Any], of item: [String: Any]?) -> Bool {
        guard let condition = input["ConditionExpression"] as? String else { return true }
        if condition.contains("attribute_not_exists") { return item == nil }
        let names = input["ExpressionAttributeNames"] as? [String: String] ?? [:]
        let values = input["ExpressionAttributeValues"] as? [String: Any] ?? [:]
        let parts = condition.split(separator: " ").map(String.init)
        guard parts.count == 3, let attribute = names[parts[0]] else { return false }
        return (item?[attribute] as? NSDictionary) == (values[parts[2]] as? NSDictionary)
    }

    private mutating func serveObject(_ request: Request, _ path: String) -> Response {
        switch request.method {
        case .put:
            objects[path] = request.body.bytes.map(Array.init)
            return Response(status: 200)
        case .delete:
            objects[path] = nil
            return Response(status: 204)
        default:
            guard let object = objects[path] else { return Response(status: 404) }
            return Response(status: 200, headers: ["Content-Length": "\(object.count)"], body: object)
        }
    }

    private func name(_ key: [String: Any]) -> String {
        ["pk", "sk", "id"].compactMap { (key[$0] as? [String: String])?["S"] }.joined(separator: "|")
    }

    private func json(_ members: [String: Any?], status: Int = 200) -> Response {
        let data = try? JSONSerialization.data(withJSONObject: members.compactMapValues { $0 })
        return Response(status: status, body: data.map { Array($0) } ?? [])
    }
}
