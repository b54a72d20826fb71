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
    private let client: ServiceClient
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

    /// Makes one call: `body` writes the members of the request's object.
    func call(
        _ operation: String, _ access: Access, table: String, index: String? = nil, models: [ModelName],
        body: (inout JSONWriter) throws(ExpressionConflict) -> Void
    ) async throws(ServiceError) -> DynamoDBAnswer {
        var call = ServiceCall(
            .dynamoDB, operation, resource: table, index: index, models: models,
            request: Request(
                .post, url,
                headers: [
                    "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.\(operation)",
                ]
            )
        )
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.key("TableName")
        json.string(table)
        if let index {
            json.key("IndexName")
            json.string(index)
        }
        do throws(ExpressionConflict) { try body(&json) } catch {
            throw call.failure(.invalidRequest, error.message)
        }
        if let detail = Self.capacityDetail {
            json.key("ReturnConsumedCapacity")
            json.string(detail)
        }
        json.endObject()
        call.request.body = .bytes(json.bytes)

        return try await client.send(call) { (response, record) throws(ServiceError) in
            let answer: DynamoDBAnswer
            do throws(JSONError) { answer = try DynamoDBAnswer(response.body) } catch {
                throw call.failure(.invalidResponse, "the body is not what DynamoDB sends: \(error)", retry: .transient)
            }
            switch access {
            case .read: record.readUnits = answer.capacity?.units
            case .write: record.writeUnits = answer.capacity?.units
            }
            record.itemCount = answer.count ?? (access == .read ? (answer.item == nil ? 0 : 1) : nil)
            record.scannedCount = answer.scannedCount
            return answer
        }
    }

    // At level none nothing is recorded, so nothing is asked for; outside any scope the caller still gets the total.
    private static var capacityDetail: String? {
        switch MetricsScope.current?.level {
        case nil, .summary: "TOTAL"
        case .detailed: "INDEXES"
        case .some(.none): nil
        }
    }
}
