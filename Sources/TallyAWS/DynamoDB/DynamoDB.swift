import TallyHTTP
import TallyMetrics
import TallyWire

/// Amazon DynamoDB, one method an operation.
///
///     let dynamoDB = DynamoDB(client)
///     let key = WireItem(["pk": .string("DOC#1"), "sk": .string("v1")])
///     let item = try await dynamoDB.getItem(.init(table: "documents", key: key)).item?.item()
///
/// Items are ``WireItem``s: DynamoDB's own JSON, taken apart only by whoever reads them.
public struct DynamoDB: Sendable {
    package let client: ServiceClient
    private let url: String

    /// Creates the service's operations.
    ///
    /// - Parameter client: What makes the calls.
    public init(_ client: ServiceClient) {
        self.client = client
        url = "\(client.endpoints.endpoint(for: .dynamoDB, in: client.region))/"
    }

    /// Whether an operation consumes read or write capacity.
    enum Access {
        case read
        case write
    }

    /// Makes one call: `body` writes the members of the request's object, `read` reads the response's object.
    func call<Output>(
        _ operation: String, resource: String?, index: String? = nil, key: ItemKey? = nil, models: [ModelName],
        body: (inout JSONWriter) throws(InvalidInput) -> Void,
        read: (inout JSONReader, [UInt8], inout CallRecord) throws(JSONError) -> Output
    ) async throws(ServiceError) -> Output {
        var call = ServiceCall(
            .dynamoDB, operation, resource: resource, index: index, models: models,
            request: Request(
                .post, url,
                headers: [
                    "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.\(operation)",
                ]
            )
        )
        call.itemKey = key
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        do throws(InvalidInput) { try body(&json) } catch {
            throw call.failure(.invalidRequest, error.message)
        }
        json.endObject()
        call.request.body = .bytes(json.bytes)

        return try await client.send(call) { (response, record) throws(ServiceError) in
            do throws(JSONError) {
                let body = response.body
                return try JSONReader.read(body) { (reader) throws(JSONError) in
                    let output = try read(&reader, body, &record)
                    try reader.finish()
                    return output
                }
            } catch {
                throw call.failure(.invalidResponse, "the body is not what DynamoDB sends: \(error)", retry: .transient)
            }
        }
    }

    /// Makes one call on the items of one table.
    func call(
        _ operation: String, _ access: Access, table: String, index: String? = nil, key: ItemKey? = nil,
        capacity: CapacityDetail?, models: [ModelName],
        body: (inout JSONWriter) throws(InvalidInput) -> Void
    ) async throws(ServiceError) -> DynamoDBAnswer {
        try await call(operation, resource: table, index: index, key: key, models: models) {
            (json) throws(InvalidInput) in
            json.member("TableName", table)
            json.member("IndexName", index)
            try body(&json)
            json.returnConsumedCapacity(capacity)
        } read: { (reader, body, record) throws(JSONError) in
            let answer = try DynamoDBAnswer(from: &reader, in: body, of: table)
            record.note(answer.capacity.map { [$0] } ?? [], access)
            record.itemCount = answer.count ?? (access == .read ? (answer.item == nil ? 0 : 1) : nil)
            record.scannedCount = answer.scannedCount
            return answer
        }
    }
}

extension CallRecord {
    /// Enters what a call consumed of all its tables.
    mutating func note(_ capacities: [ConsumedCapacity], _ access: DynamoDB.Access) {
        guard !capacities.isEmpty else { return }
        let units = capacities.reduce(0) { $0 + $1.units }
        switch access {
        case .read: readUnits = units
        case .write: writeUnits = units
        }
        // One table and no index: the sum says it all.
        guard capacities.count > 1 || !capacities[0].indexes.isEmpty else { return }
        for capacity in capacities { note(sharesOf: capacity, access) }
    }

    private mutating func note(sharesOf capacity: ConsumedCapacity, _ access: DynamoDB.Access) {
        guard let table = capacity.table ?? resource else { return }
        func add(_ part: CapacityShare.Part, _ units: Double) {
            var share = CapacityShare(table: table, part: part)
            switch access {
            case .read: share.readUnits = units
            case .write: share.writeUnits = units
            }
            capacityShares.append(share)
        }
        add(.table, capacity.units)
        for (name, units) in capacity.indexes.sorted(by: { $0.key < $1.key }) {
            add(capacity.localIndexes.contains(name) ? .localIndex(name) : .globalIndex(name), units)
        }
    }
}
