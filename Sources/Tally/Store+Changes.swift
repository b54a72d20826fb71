import TallyAWS
public import TallyEvents
import TallyMetrics
public import TallyModel
import TallyWire

extension Store {
    /// Reads a record of the stream of a model's table.
    ///
    ///     func handle(_ event: DynamoDBEvent, _ context: Context) async -> BatchResponse {
    ///         await event.process(context) { record in
    ///             let change = try await store.change(of: record, as: Document.self)
    ///             guard !record.isTimeToLiveDeletion, let document = change.new else { return }
    ///             try await index(document)
    ///         }
    ///     }
    ///
    /// Its models are what `get` returned before and after the change: secrets are opened, attributes that the schema
    /// does not have are passed over, files are pointers. Where several models share a table, look at the record's keys
    /// first: an item of another model is an error.
    ///
    /// - Parameters:
    ///   - record: A change of an item.
    ///   - type: The model.
    /// - Returns: The item's key, and the models before and after the change as far as the stream has them.
    /// - Throws: `ServiceError` when KMS refuses, ``ModelError`` when the record is of another table than the model's
    ///   or an item does not fit the model.
    /// - Cost: One KMS request for each distinct data key of the two, none without secrets. No call to DynamoDB.
    public func change<Root: Model>(
        of record: DynamoDBEvent.Record, as type: Root.Type
    ) async throws -> ModelChange<Root> {
        try await changes(of: [record], timedAs: .getDecode)[0]
    }

    /// Reads records of the stream of a model's table, all at once.
    ///
    ///     for change in try await store.changes(of: event.records, as: Document.self) { … }
    ///
    /// That is for functions that handle a batch as a whole: one record that cannot be read fails them all. Elsewhere
    /// `event.process` with ``change(of:as:)`` lets the others be handled.
    ///
    /// - Parameters:
    ///   - records: Changes of items.
    ///   - type: The model.
    /// - Returns: A change for each record, in their order.
    /// - Throws: `ServiceError` when KMS refuses, ``ModelError`` when a record is of another table than the model's or
    ///   an item does not fit the model.
    /// - Cost: One KMS request for each distinct data key of all records, side by side; what one save wrote is the new
    ///   item of one record and the old one of the next, with the same key. No call to DynamoDB.
    public func changes<Root: Model>(
        of records: [DynamoDBEvent.Record], as type: Root.Type
    ) async throws -> [ModelChange<Root>] {
        try await changes(of: records, timedAs: .pageDecode)
    }

    private func changes<Root: Model>(
        of records: [DynamoDBEvent.Record], timedAs name: StatisticName
    ) async throws -> [ModelChange<Root>] {
        let table = try Root.schema.tableName()
        return try await MetricsScope.explaining("change", of: Root.metricsName, table: table) {
            let keys = try records.map { try $0.key(of: Root.self, in: table) }
            let images = records.flatMap { [$0.dynamodb.oldImage, $0.dynamodb.newImage].compactMap(\.self) }
            var models = try await models(Root.self, from: images.map { WireItem($0) }, timedAs: name)[...]
            return zip(records, keys).map { record, key in
                ModelChange(
                    key: key, old: record.dynamodb.oldImage.flatMap { _ in models.popFirst() },
                    new: record.dynamodb.newImage.flatMap { _ in models.popFirst() })
            }
        }
    }
}

extension DynamoDBEvent.Record {
    /// The key of the item, once it is certain that it and the images are of one item of the model's table.
    fileprivate func key<Root: Model>(of model: Root.Type, in table: String) throws -> Key<Root> {
        // A schema may name its table by ARN, which the stream's ARN begins with.
        guard tableName == table || eventSourceARN.hasPrefix("\(table)/stream/") else {
            let seen = tableName.map { "the table '\($0)'" } ?? "no table's stream"
            throw ModelError(
                .invalidRequest, model: Root.metricsName.rawValue,
                "record \(dynamodb.sequenceNumber) is of \(seen), the model of the table '\(table)'. "
                    + "Read each table's records as its own models; Record.tableName tells them apart")
        }
        let key = try Root.schema.key(of: dynamodb.keys)
        for image in [dynamodb.oldImage, dynamodb.newImage].compactMap(\.self) {
            guard try Root.schema.key(of: image) == key else {
                throw ModelError(
                    .attribute, model: Root.metricsName.rawValue,
                    "record \(dynamodb.sequenceNumber) has an item of another key than its own. "
                        + "It is none of DynamoDB's: find out who sent the event")
            }
        }
        return key
    }
}
