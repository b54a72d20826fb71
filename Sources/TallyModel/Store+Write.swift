package import TallyAWS
import TallyMetrics
import TallyWire

extension Store {
    /// Stores a model in place of the item with its key.
    ///
    /// Secrets are encrypted under a fresh data key, files that are not stored yet are uploaded first. A model with a
    /// version is stored only where the stored version is the model's own; a version of 0 only where there is no item.
    /// When the item is not written, neither remains what was uploaded for it.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - condition: What must hold beside the version.
    /// - Returns: The model as stored: with its version advanced and its files as pointers.
    /// - Throws: ``ModelError`` on a conflict, `ServiceError` when a service refuses.
    /// - Cost: One write unit per KB; one KMS request when there are secrets; for each new file one S3 request up to
    ///   5 MiB, 2 + ⌈bytes / 5 MiB⌉ above.
    @discardableResult
    public func save<Root: Model>(_ model: Root, if condition: Filter<Root>? = nil) async throws -> Root {
        let schema = Root.schema
        return try await MetricsScope.explaining("save", of: schema.modelName, table: try? schema.tableName()) {
            try await put(model, if: condition)
        }
    }

    private func put<Root: Model>(_ model: Root, if condition: Filter<Root>?) async throws -> Root {
        let schema = Root.schema
        let table = try schema.tableName()
        let precondition = try schema.precondition(for: model, and: condition)
        var stored = model
        schema.version?.advance(&stored)

        // Keys before files: what KMS refuses then leaves no object behind.
        let dataKeys = try await DataKeys(kms, schema).generate(for: stored)
        let files = ModelFiles(s3, schema)
        let uploaded = try await files.upload(of: &stored)
        let item: WireItem
        do throws(ModelError) {
            item = try MetricsScope.timing(.saveEncode, for: schema.modelName) { () throws(ModelError) in
                try schema.item(from: stored, table: table, dataKeys: dataKeys)
            }
        } catch {
            await files.remove(uploaded, keeping: [])
            throw error
        }
        MetricsScope.current?.note(item.bytes.count, of: .itemSize, for: schema.modelName)
        var input = DynamoDB.PutItemInput(
            table: table, item: item, condition: precondition,
            returnValues: schema.files.isEmpty ? .none : .allOld, returnValuesOnConditionFailure: .allOld)
        input.keyAttributes = schema.keyAttributes
        do throws(ServiceError) {
            let output = try await dynamoDB.putItem(input, models: [schema.modelName])
            await files.remove(files.locations(in: output.oldItem), keeping: files.locations(of: stored))
        } catch {
            // An answer that was lost may have been a success, which the repetition then found in its way.
            if error.mayRepeatASuccess, error.holds(item) { return stored }
            if error.isDefinite { await files.remove(uploaded, keeping: files.locations(in: error.item)) }
            throw schema.translated(error)
        }
        return stored
    }

    /// Removes a model's item and its files.
    ///
    /// - Parameters:
    ///   - model: The model. With a version, it is removed only where the stored version is the model's own.
    ///   - condition: What must hold beside the version.
    /// - Throws: ``ModelError`` on a conflict, `ServiceError` when a service refuses.
    /// - Cost: One write unit per KB; removing objects is free.
    public func delete<Root: Model>(_ model: Root, if condition: Filter<Root>? = nil) async throws {
        let schema = Root.schema
        let precondition = try schema.precondition(for: model, and: condition)
        let input = try schema.deletion(of: model.key, if: precondition)
        let files = ModelFiles(s3, schema)
        try await MetricsScope.explaining("delete", of: schema.modelName, table: input.table) {
            do throws(ServiceError) {
                _ = try await delete(input, files)
            } catch {
                // An answer that was lost may have been a success: the item is gone, and its files must go as well.
                guard error.mayRepeatASuccess, error.item == nil else { throw schema.translated(error) }
                await files.remove(files.locations(of: model), keeping: [])
            }
        }
    }

    /// Removes the item with a key and its files, whatever its version.
    ///
    /// - Parameter key: The item's key.
    /// - Returns: Whether there was an item.
    /// - Throws: `ServiceError` when a service refuses.
    /// - Cost: One write unit per KB; removing objects is free.
    @discardableResult
    public func delete<Root: Model>(_ key: Key<Root>) async throws -> Bool {
        let schema = Root.schema
        let input = try schema.deletion(of: key, if: nil)
        return try await MetricsScope.explaining("delete", of: schema.modelName, table: input.table) {
            try await delete(input, ModelFiles(s3, schema))
        }
    }

    private func delete<Root: Model>(
        _ input: DynamoDB.DeleteItemInput, _ files: ModelFiles<Root>
    ) async throws(ServiceError) -> Bool {
        let output = try await dynamoDB.deleteItem(input, models: [Root.metricsName])
        await files.remove(files.locations(in: output.oldItem), keeping: [])
        return output.oldItem != nil
    }
}

extension ServiceError {
    /// Whether it is certain what the stored item points to: the write was not done, or the item in its way tells.
    fileprivate var isDefinite: Bool {
        if isConditionalFailure, item != nil { return true }
        if let status { return (400..<500).contains(status) && attempts == 1 }
        return attempts == 0
    }

    /// Whether the condition may have failed only because an earlier attempt, whose answer was lost, did the work.
    fileprivate var mayRepeatASuccess: Bool {
        isConditionalFailure && attempts > 1
    }

    /// Whether the item that stands in the way is the one that was to be written.
    fileprivate func holds(_ written: WireItem) -> Bool {
        guard let found = try? item?.item(), let expected = try? written.item() else { return false }
        return found == expected
    }
}

extension Schema where Root: Model {
    /// The request that removes an item, answered with what it was.
    func deletion(of key: Key<Root>, if precondition: Expression?) throws(ModelError) -> DynamoDB.DeleteItemInput {
        DynamoDB.DeleteItemInput(
            table: try tableName(), key: try item(of: key), condition: precondition,
            returnValues: .allOld, returnValuesOnConditionFailure: .allOld)
    }

    /// Encodes a model, with its secrets encrypted.
    ///
    /// - Throws: ``ModelError`` when DynamoDB cannot hold one of its values.
    func item(
        from model: Root, table: String, dataKeys: [String: ItemSealer.DataKey]
    ) throws(ModelError) -> WireItem {
        let sealer =
            dataKeys.isEmpty
            ? nil : ItemSealer(model: modelName, place: try place(of: model, table: table), keys: dataKeys)
        var writer = AttributeWriter(sealer: sealer)
        writer.json.beginObject()
        try encode(model, &writer)
        writer.json.endObject()
        return WireItem(bytes: writer.json.bytes)
    }

    /// Encodes a model that has no secrets.
    package func wireItem(of model: Root) throws(ModelError) -> WireItem {
        try item(from: model, table: "", dataKeys: [:])
    }

    private func place(of model: Root, table: String) throws(ModelError) -> ItemPlace {
        var place = ItemPlace(table: table)
        for key in keys {
            do throws(AttributeError) {
                try place.append(key: key.value(model) ?? .null)
            } catch {
                throw ModelError(model: modelName.rawValue, attribute: key.name, error)
            }
        }
        return place
    }

    /// The condition of a write: the version's and the caller's.
    func precondition(for model: Root, and condition: Filter<Root>?) throws(ModelError) -> Expression? {
        var writer = ExpressionWriter(self)
        let given = try writer.expression(optional: condition)
        guard let version else { return given }
        let stored = version.get(model)
        let own =
            stored == 0
            ? try writer.expression(.absent) : writer.comparison(version.name, "=", .number(Number(stored)))
        guard let given else { return own }
        return Expression(
            "(\(own.text)) AND (\(given.text))", names: own.names.merging(given.names) { first, _ in first },
            values: own.values.merging(given.values) { first, _ in first })
    }

    /// A failed condition as a conflict; any other error as it is.
    func translated(_ error: ServiceError) -> any Error {
        guard error.code == .conditionalCheckFailed else { return error }
        let seen =
            error.item == nil
            ? "did not hold: there is no such item"
            : "did not hold for the item that is stored. Read it again and repeat the change"
        return ModelError(
            .conflict, model: modelName.rawValue, "the condition of \(error.operation) \(seen)",
            item: error.item)
    }
}
