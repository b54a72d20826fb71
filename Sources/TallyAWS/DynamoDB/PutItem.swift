public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// What ``DynamoDB/putItem(_:models:)`` writes.
    public struct PutItemInput: Sendable {
        /// The table's name.
        public var table: String
        /// The whole item, its primary key included.
        public var item: WireItem
        /// What must hold of the item that is there already; `nil` writes in any case.
        public var condition: Expression?
        /// What to return of the item replaced.
        public var returnValues: ReturnValues
        /// What a failed condition returns of the item that made it fail, in ``ServiceError/item``.
        public var returnValuesOnConditionFailure: ReturnValues
        /// How closely to tell what was consumed; as the level of the metrics asks when `nil`.
        public var returnConsumedCapacity: CapacityDetail?
        /// The attributes of the item that are its key, for the hash that metrics tell it by; `nil` when they are not
        /// known.
        package var keyAttributes: [String]?

        /// Creates the input.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - item: The whole item, its primary key included.
        ///   - condition: What must hold of the item that is there already.
        ///   - returnValues: What to return of the item replaced.
        ///   - returnValuesOnConditionFailure: What a failed condition returns of the item that made it fail.
        public init(
            table: String, item: WireItem, condition: Expression? = nil, returnValues: ReturnValues = .none,
            returnValuesOnConditionFailure: ReturnValues = .none
        ) {
            self.table = table
            self.item = item
            self.condition = condition
            self.returnValues = returnValues
            self.returnValuesOnConditionFailure = returnValuesOnConditionFailure
        }
    }

    /// What ``DynamoDB/putItem(_:models:)`` replaced.
    public struct PutItemOutput: Sendable {
        /// The item replaced, when it was asked for and there was one.
        public var oldItem: WireItem?
        /// The write capacity consumed; `nil` when it was not asked for.
        public var consumedCapacity: ConsumedCapacity?
    }

    /// Writes one item in place of any other with its primary key.
    ///
    /// An attempt whose answer was lost is made again; with a condition such as `attribute_not_exists` the second one
    /// may then be refused although the first wrote.
    ///
    /// - Parameters:
    ///   - input: What to write.
    ///   - models: The models on whose behalf.
    /// - Returns: The item replaced, when it was asked for.
    /// - Throws: ``ServiceError`` when the condition does not hold, DynamoDB refuses or retries run out.
    /// - Cost: One write unit per KB of the larger of the old and new item, and more for each index touched.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html>
    public func putItem(
        _ input: PutItemInput, models: [ModelName] = []
    ) async throws(ServiceError) -> PutItemOutput {
        let answer = try await call(
            "PutItem", .write, table: input.table, key: input.keyAttributes.map { ItemKey(input.item, attributes: $0) },
            capacity: input.returnConsumedCapacity, models: models
        ) {
            (json) throws(InvalidInput) in
            json.key("Item")
            input.item.write(to: &json)
            try json.write(
                condition: input.condition, returning: input.returnValues,
                onFailure: input.returnValuesOnConditionFailure
            )
        }
        return PutItemOutput(oldItem: answer.item, consumedCapacity: answer.capacity)
    }
}

extension JSONWriter {
    /// Writes what every conditional write has in common.
    mutating func write(
        update: Expression? = nil, condition: Expression?, returning: ReturnValues = .none, onFailure: ReturnValues
    ) throws(InvalidInput) {
        var expressions = ExpressionSet()
        try expressions.add("UpdateExpression", update)
        try expressions.add("ConditionExpression", condition)
        expressions.write(to: &self)
        if returning != .none {
            key("ReturnValues")
            string(returning.rawValue)
        }
        if onFailure != .none {
            key("ReturnValuesOnConditionCheckFailure")
            string(onFailure.rawValue)
        }
    }
}
