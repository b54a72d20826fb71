public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/deleteItem(_:models:)`` removes.
    public struct DeleteItemInput: Sendable {
        /// The table's name.
        public var table: String
        /// The whole primary key.
        public var key: WireItem
        /// What must hold of the item; `nil` removes in any case.
        public var condition: Expression?
        /// What to return of the item removed.
        public var returnValues: ReturnValues
        /// What a failed condition returns of the item that made it fail, in ``ServiceError/item``.
        public var returnValuesOnConditionFailure: ReturnValues
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - key: The whole primary key.
        ///   - condition: What must hold of the item.
        ///   - returnValues: What to return of the item removed.
        ///   - returnValuesOnConditionFailure: What a failed condition returns of the item that made it fail.
        public init(
            table: String, key: WireItem, condition: Expression? = nil, returnValues: ReturnValues = .none,
            returnValuesOnConditionFailure: ReturnValues = .none
        ) {
            self.table = table
            self.key = key
            self.condition = condition
            self.returnValues = returnValues
            self.returnValuesOnConditionFailure = returnValuesOnConditionFailure
        }
    }

    /// What ``DynamoDB/deleteItem(_:models:)`` removed.
    public struct DeleteItemOutput: Sendable {
        /// The item removed, when it was asked for and there was one.
        public var oldItem: WireItem?
        /// The write capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?
    }

    /// Removes one item; an item that is not there is no error.
    ///
    /// - Parameters:
    ///   - input: What to remove.
    ///   - models: The models on whose behalf.
    /// - Returns: The item removed, when it was asked for.
    /// - Throws: ``ServiceError`` when the condition does not hold, DynamoDB refuses or retries run out.
    /// - Cost: One write unit per KB of the item, and more for each index touched.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>
    public func deleteItem(
        _ input: DeleteItemInput, models: [ModelName] = []
    ) async throws(ServiceError) -> DeleteItemOutput {
        let answer = try await call(
            "DeleteItem", .write, table: input.table, key: ItemKey(input.key), capacity: input.returnConsumedCapacity,
            models: models
        ) {
            (json) throws(InvalidInput) in
            json.key("Key")
            input.key.write(to: &json)
            try json.write(
                condition: input.condition, returning: input.returnValues,
                onFailure: input.returnValuesOnConditionFailure
            )
        }
        return DeleteItemOutput(oldItem: answer.item, consumedCapacity: answer.capacity)
    }
}
