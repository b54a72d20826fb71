public import TallyMetrics
import TallyWire

extension DynamoDB {
    /// One action of a transaction that writes.
    public struct TransactAction: Sendable {
        enum Kind: Sendable {
            case put(PutItemInput)
            case update(UpdateItemInput)
            case delete(DeleteItemInput)
            case check(table: String, key: WireItem, condition: Expression, onFailure: ReturnValues)
        }

        let kind: Kind

        /// Writes an item in place of any other with its key.
        ///
        /// - Parameter input: What to write; of its return values only those on failure count.
        /// - Returns: The action.
        public static func put(_ input: PutItemInput) -> TransactAction { TransactAction(kind: .put(input)) }

        /// Changes attributes of an item, which is created when it is not there.
        ///
        /// - Parameter input: What to change; of its return values only those on failure count.
        /// - Returns: The action.
        public static func update(_ input: UpdateItemInput) -> TransactAction { TransactAction(kind: .update(input)) }

        /// Removes an item.
        ///
        /// - Parameter input: What to remove; of its return values only those on failure count.
        /// - Returns: The action.
        public static func delete(_ input: DeleteItemInput) -> TransactAction { TransactAction(kind: .delete(input)) }

        /// Changes nothing, and makes the transaction depend on an item.
        ///
        /// - Parameters:
        ///   - table: The table's name.
        ///   - key: The whole primary key.
        ///   - condition: What must hold of the item.
        ///   - returnValuesOnConditionFailure: What a failed condition returns of the item.
        /// - Returns: The action.
        public static func check(
            table: String, key: WireItem, condition: Expression, returnValuesOnConditionFailure: ReturnValues = .none
        ) -> TransactAction {
            TransactAction(
                kind: .check(table: table, key: key, condition: condition, onFailure: returnValuesOnConditionFailure))
        }

        /// The name of the action's table.
        public var table: String {
            switch kind {
            case .put(let input): input.table
            case .update(let input): input.table
            case .delete(let input): input.table
            case .check(let table, _, _, _): table
            }
        }
    }

    /// What ``DynamoDB/transactWriteItems(_:clientRequestToken:models:)`` did.
    public struct TransactWriteItemsOutput: Sendable {
        /// The write capacity consumed, by table; empty when it was not asked for.
        public var consumedCapacity: [ConsumedCapacity] = []
    }

    /// Does up to 100 writes, all or none of them.
    ///
    /// A token goes with every attempt: within ten minutes, what was done is not done again when its answer was lost.
    ///
    /// - Parameters:
    ///   - actions: What to do: 1 to 100 actions on different items, 4 MB altogether.
    ///   - clientRequestToken: 1 to 36 characters that stand for these actions; `nil` for a random one. Give one to be
    ///     able to make the whole call again later.
    ///   - capacity: How closely to tell what was consumed; as the level of the metrics asks when `nil`.
    ///   - models: The models on whose behalf.
    /// - Returns: What the transaction consumed.
    /// - Throws: ``ServiceError`` when there are too many actions, a condition does not hold or another transaction was
    ///   faster (code ``ServiceError/Code/transactionCanceled``; ``ServiceError/cancellationReasons`` has one reason
    ///   for each action, in order), DynamoDB refuses or retries run out.
    /// - Cost: Two write units per KB of each item, and more for each index touched.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
    @discardableResult
    public func transactWriteItems(
        _ actions: [TransactAction], clientRequestToken: String? = nil, capacity: CapacityDetail? = nil,
        models: [ModelName] = []
    ) async throws(ServiceError) -> TransactWriteItemsOutput {
        try await call("TransactWriteItems", resource: Self.resource(of: actions.map(\.table)), models: models) {
            (json) throws(InvalidInput) in
            try InvalidInput.check(actions.count, in: 1...100, "actions")
            try json.objects("TransactItems", actions) { (action, json) throws(InvalidInput) in
                try action.write(to: &json)
            }
            json.member("ClientRequestToken", clientRequestToken ?? UserAgent.callID())
            json.returnConsumedCapacity(capacity)
        } read: { (reader, _, record) throws(JSONError) in
            var output = TransactWriteItemsOutput()
            try reader.members { (key, reader) throws(JSONError) in
                guard reader.matches(key, "ConsumedCapacity") else { return false }
                output.consumedCapacity = try ConsumedCapacity.list(from: &reader)
                return true
            }
            record.note(output.consumedCapacity, .write)
            record.itemCount = actions.count
            return output
        }
    }
}

extension DynamoDB.TransactAction {
    fileprivate func write(to json: inout JSONWriter) throws(InvalidInput) {
        switch kind {
        case .put(let input):
            try json.object("Put") { (json) throws(InvalidInput) in
                json.member("TableName", input.table)
                json.member("Item", input.item)
                try json.write(condition: input.condition, onFailure: input.returnValuesOnConditionFailure)
            }
        case .update(let input):
            try json.object("Update") { (json) throws(InvalidInput) in
                json.member("TableName", input.table)
                json.member("Key", input.key)
                try json.write(
                    update: input.update, condition: input.condition, onFailure: input.returnValuesOnConditionFailure)
            }
        case .delete(let input):
            try json.object("Delete") { (json) throws(InvalidInput) in
                json.member("TableName", input.table)
                json.member("Key", input.key)
                try json.write(condition: input.condition, onFailure: input.returnValuesOnConditionFailure)
            }
        case .check(let table, let key, let condition, let onFailure):
            try json.object("ConditionCheck") { (json) throws(InvalidInput) in
                json.member("TableName", table)
                json.member("Key", key)
                try json.write(condition: condition, onFailure: onFailure)
            }
        }
    }
}
