public import TallyMetrics
public import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/executeStatement(_:models:)`` runs.
    public struct ExecuteStatementInput: Sendable {
        /// The statement in PartiQL, 1 to 8,192 characters, such as `SELECT * FROM "documents" WHERE pk = ?`.
        public var statement: String
        /// What the question marks stand for, in order.
        public var parameters: [AttributeValue]
        /// Whether the read sees every write that ended before it, at twice the capacity.
        public var consistentRead: Bool
        /// The most items to read, before the filter.
        public var limit: Int?
        /// Where the page before this one ended.
        public var nextToken: String?
        /// What a failed condition returns of the item that made it fail, in ``ServiceError/item``.
        public var returnValuesOnConditionFailure: ReturnValues
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - statement: The statement in PartiQL.
        ///   - parameters: What the question marks stand for, in order.
        ///   - consistentRead: Whether the read sees every write that ended before it.
        ///   - limit: The most items to read, before the filter.
        ///   - nextToken: Where the page before this one ended.
        ///   - returnValuesOnConditionFailure: What a failed condition returns of the item that made it fail.
        public init(
            _ statement: String, parameters: [AttributeValue] = [], consistentRead: Bool = false, limit: Int? = nil,
            nextToken: String? = nil, returnValuesOnConditionFailure: ReturnValues = .none
        ) {
            self.statement = statement
            self.parameters = parameters
            self.consistentRead = consistentRead
            self.limit = limit
            self.nextToken = nextToken
            self.returnValuesOnConditionFailure = returnValuesOnConditionFailure
        }
    }

    /// What ``DynamoDB/executeStatement(_:models:)`` returned.
    public struct ExecuteStatementOutput: Sendable {
        /// The items read, or what a write was asked to return.
        public var items: [WireItem] = []
        /// Where the next page begins; `nil` on the last.
        public var nextToken: String?
        /// The capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?
    }

    /// Runs one PartiQL statement.
    ///
    /// - Parameters:
    ///   - input: The statement.
    ///   - models: The models on whose behalf.
    /// - Returns: The items, one page of at most 1 MB.
    /// - Throws: ``ServiceError`` when the condition does not hold, DynamoDB refuses or retries run out.
    /// - Cost: As the read or write that the statement stands for; a `SELECT` that names no key reads the whole table.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html>
    public func executeStatement(
        _ input: ExecuteStatementInput, models: [ModelName] = []
    ) async throws(ServiceError) -> ExecuteStatementOutput {
        try await call("ExecuteStatement", resource: nil, models: models) { (json) throws(InvalidInput) in
            json.member("Statement", input.statement)
            if !input.parameters.isEmpty {
                json.key("Parameters")
                json.beginArray()
                for parameter in input.parameters { parameter.write(to: &json) }
                json.endArray()
            }
            json.member("ConsistentRead", ifTrue: input.consistentRead)
            json.member("Limit", input.limit)
            json.member("NextToken", input.nextToken)
            if input.returnValuesOnConditionFailure != .none {
                json.member("ReturnValuesOnConditionCheckFailure", input.returnValuesOnConditionFailure.rawValue)
            }
            json.returnConsumedCapacity(input.returnConsumedCapacity)
        } read: { (reader, body, record) throws(JSONError) in
            var output = ExecuteStatementOutput()
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "Items") {
                    output.items = try reader.items(in: body)
                } else if reader.matches(key, "NextToken") {
                    output.nextToken = try reader.string()
                } else if reader.matches(key, "ConsumedCapacity") {
                    output.consumedCapacity = try ConsumedCapacity(from: &reader)
                } else {
                    return false
                }
                return true
            }
            let isRead = input.statement.drop { $0.isWhitespace }.prefix(6).lowercased() == "select"
            record.note(output.consumedCapacity.map { [$0] } ?? [], isRead ? .read : .write)
            record.resource = output.consumedCapacity?.table
            record.itemCount = output.items.count
            return output
        }
    }
}
