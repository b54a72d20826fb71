public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/updateItem(_:models:)`` changes.
    public struct UpdateItemInput: Sendable {
        /// The table's name.
        public var table: String
        /// The whole primary key; an item that is not there is created.
        public var key: WireItem
        /// What to do with the attributes, such as `SET #n = :n REMOVE #o ADD #c :one`.
        public var update: Expression
        /// What must hold of the item; `nil` changes in any case.
        public var condition: Expression?
        /// What to return of the item.
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
        ///   - update: What to do with the attributes.
        ///   - condition: What must hold of the item.
        ///   - returnValues: What to return of the item.
        ///   - returnValuesOnConditionFailure: What a failed condition returns of the item that made it fail.
        public init(
            table: String, key: WireItem, update: Expression, condition: Expression? = nil,
            returnValues: ReturnValues = .none, returnValuesOnConditionFailure: ReturnValues = .none
        ) {
            self.table = table
            self.key = key
            self.update = update
            self.condition = condition
            self.returnValues = returnValues
            self.returnValuesOnConditionFailure = returnValuesOnConditionFailure
        }
    }

    /// What ``DynamoDB/updateItem(_:models:)`` changed.
    public struct UpdateItemOutput: Sendable {
        /// What was asked for of the item, before or after the change.
        public var attributes: WireItem?
        /// The write capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?
    }

    /// Changes attributes of one item, which is created when it is not there.
    ///
    /// An attempt whose answer was lost is made again: an update that counts (`ADD`, `SET n = n + :one`) may then count
    /// twice. Give it a condition, or put it into a transaction, whose token makes the second attempt harmless.
    ///
    /// - Parameters:
    ///   - input: What to change.
    ///   - models: The models on whose behalf.
    /// - Returns: What was asked for of the item.
    /// - Throws: ``ServiceError`` when the condition does not hold, DynamoDB refuses or retries run out.
    /// - Cost: One write unit per KB of the larger of the old and new item, and more for each index touched.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>
    public func updateItem(
        _ input: UpdateItemInput, models: [ModelName] = []
    ) async throws(ServiceError) -> UpdateItemOutput {
        let answer = try await call(
            "UpdateItem", .write, table: input.table, key: ItemKey(input.key), capacity: input.returnConsumedCapacity,
            models: models
        ) {
            (json) throws(InvalidInput) in
            json.member("Key", input.key)
            try json.write(
                update: input.update, condition: input.condition, returning: input.returnValues,
                onFailure: input.returnValuesOnConditionFailure
            )
        }
        return UpdateItemOutput(attributes: answer.item, consumedCapacity: answer.capacity)
    }
}
