import Tally

/// What is measured: one operation, repeated.
enum Scenario: String, CaseIterable {
    case saveSmall = "a_save"
    case getSmall = "a_get"
    case saveBig = "b_save"
    case getBig = "b_get"
    case query100 = "c_query100"
    case query1MB = "d_query1mb"
    case saveSealed = "e_enc_save"
    case getSealed = "e_enc_get"
    case saveFile = "f_s3_15mb"
    case cold
    /// A page of 1 MiB from its bytes to models, over and over, without a network: `mb_s` is what counts.
    case readPage = "read_page"
    /// The item of 20 KB from the model to its bytes.
    case writeItem = "write_item"
    /// The line of an invocation that saved a sealed item with a file: four calls.
    case metricsLine = "metrics_line"
    /// An event of 1 MiB, most of it one string, from its bytes to a value.
    case eventText = "event_text"
    /// An event of 1 MB of small objects from its bytes to values.
    case eventOrders = "event_orders"
    /// An event of 1 MB whose elements are tried as three types, so that each makes errors: what that costs must not
    /// depend on how many elements there are.
    case eventRefusals = "event_refusals"
    /// An output of as many small objects from values to its bytes.
    case outputOrders = "output_orders"

    var table: String {
        switch self {
        case .saveSmall, .getSmall, .cold: "bench-small"
        case .saveBig, .getBig, .writeItem: "bench-big"
        case .query100: "bench-q-n100"
        case .query1MB, .readPage: "bench-q-mb1"
        case .saveSealed, .getSealed: "bench-enc"
        case .saveFile, .metricsLine: "bench-s3"
        case .eventText, .eventOrders, .eventRefusals, .outputOrders: "none"
        }
    }

    /// The calls that an operation makes: to DynamoDB, KMS and S3.
    var calls: Calls {
        switch self {
        case .saveSealed, .getSealed: Calls(dynamoDB: 1, kms: 1)
        // Create, three parts of 5 MiB, complete.
        case .saveFile: Calls(dynamoDB: 1, s3: 5)
        case .cold: Calls(dynamoDB: 2)
        case .writeItem, .metricsLine, .eventText, .eventOrders, .eventRefusals, .outputOrders: Calls()
        default: Calls(dynamoDB: 1)
        }
    }

    /// Puts the item that operations read, and returns the operation, which checks what it reads.
    func prepare(_ store: Store) async throws -> @Sendable () async throws -> Void {
        switch self {
        case .saveSmall:
            return { try await store.save(SmallItem.sample()) }
        case .getSmall:
            return try await reading(SmallItem.sample(), store)
        case .saveBig:
            return { try await store.save(BigItem.sample()) }
        case .getBig:
            return try await reading(BigItem.sample(), store)
        case .query100:
            return try await querying(store) { $0 == 100 }
        case .query1MB, .readPage:
            return try await querying(store) { $0 > 1_700 }
        case .saveSealed:
            return { try await store.save(SealedItem.sample()) }
        case .getSealed:
            return try await reading(SealedItem.sample(), store)
        case .saveFile:
            let content = [UInt8](unsafeUninitializedCapacity: 15 << 20) { buffer, count in
                for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
                count = buffer.count
            }
            return { try await store.save(FileItem.sample(content: content)) }
        case .writeItem:
            return { _ = try BigItem.schema.wireItem(of: .sample()) }
        case .metricsLine:
            let line = try MetricsLine()
            return { try Failure.unless(line.byteCount() > 2_000, "the line is short") }
        case .eventText:
            let bytes = try Events.text()
            return {
                let person = try JSONCoder().decode(Events.Person.self, from: bytes)
                try Failure.unless(person.age == 42, "another person")
            }
        case .eventOrders:
            let bytes = try Events.orders()
            return {
                let orders = try JSONCoder().decode([Events.Order].self, from: bytes)
                try Failure.unless(orders.count == 4_000, "\(orders.count) orders")
            }
        case .eventRefusals:
            let bytes = try Events.refusals()
            return {
                let values = try JSONCoder().decode([Events.Loose].self, from: bytes)
                try Failure.unless(values.count == 36_000, "\(values.count) values")
            }
        case .outputOrders:
            let orders = try JSONCoder().decode([Events.Order].self, from: Events.orders())
            return { try Failure.unless(try JSONCoder().encode(orders).count > 900_000, "the output is short") }
        case .cold:
            return {
                let saved = try await store.save(SmallItem.sample())
                try Failure.unless(try await store.get(saved.key) != nil, "the item is not there")
            }
        }
    }

    private func reading<Item: Model>(_ item: Item, _ store: Store) async throws -> @Sendable () async throws -> Void {
        let key = try await store.save(item).key
        return { try Failure.unless(try await store.get(key) != nil, "the item is not there") }
    }

    private func querying(
        _ store: Store, isRight: @escaping @Sendable (Int) -> Bool
    ) async throws -> @Sendable () async throws -> Void {
        let item = try await store.save(SmallItem.sample())
        return {
            var count = 0
            for try await found in store.query(SmallItem.query(partition: item.pk)) where found.age == 42 { count += 1 }
            try Failure.unless(isRight(count), "\(count) items")
        }
    }
}

/// Calls to each service.
struct Calls: Equatable {
    var dynamoDB = 0
    var kms = 0
    var s3 = 0

    static func * (calls: Calls, operations: Int) -> Calls {
        Calls(dynamoDB: calls.dynamoDB * operations, kms: calls.kms * operations, s3: calls.s3 * operations)
    }
}

/// Why a benchmark has no result.
struct Failure: Error, CustomStringConvertible {
    let description: String

    static func unless(_ condition: Bool, _ description: @autoclosure () -> String) throws {
        guard condition else { throw Failure(description: description()) }
    }
}
