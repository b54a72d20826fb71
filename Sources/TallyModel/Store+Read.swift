package import TallyAWS
package import TallyMetrics
import TallyWire

extension Store {
    /// Returns the item with a key.
    ///
    /// - Parameters:
    ///   - key: The item's key.
    ///   - consistent: Whether the read sees every write that ended before it, at twice the capacity.
    /// - Returns: The model; `nil` when there is no such item.
    /// - Throws: `ServiceError` when DynamoDB or KMS refuses, ``ModelError`` when the item does not fit the model.
    /// - Cost: One read unit per 4 KB, half of it when not consistent; one KMS request when the item has secrets.
    public func get<Root: Model>(_ key: Key<Root>, consistent: Bool = false) async throws -> Root? {
        let schema = Root.schema
        let input = DynamoDB.GetItemInput(
            table: try schema.tableName(), key: try schema.item(of: key), consistentRead: consistent)
        return try await MetricsScope.explaining("get", of: schema.modelName, table: input.table) {
            let output = try await dynamoDB.getItem(input, models: [schema.modelName])
            guard let item = output.item else { return nil }
            return try await models(Root.self, from: [item], timedAs: .getDecode).first
        }
    }

    /// Reads the items of a query, page after page.
    ///
    /// - Parameter query: What to read.
    /// - Returns: The items in the order of the sort key; calls are made as they are asked for.
    public func query<Root: Model>(_ query: Query<Root>) -> ItemSequence<Root> {
        ItemSequence { cursor in try await page(query, after: cursor) }
    }

    /// Reads the items of a scan, page after page.
    ///
    /// - Parameter scan: What to read.
    /// - Returns: The items in no particular order; calls are made as they are asked for.
    public func scan<Root: Model>(_ scan: Scan<Root>) -> ItemSequence<Root> {
        ItemSequence { cursor in try await page(scan, after: cursor) }
    }

    /// Reads one page of a query.
    ///
    /// - Parameters:
    ///   - query: What to read.
    ///   - limit: The most items to read, before the filter; `nil` for as many as 1 MB holds.
    ///   - cursor: Where the page before it ended; `nil` for the first.
    /// - Returns: The page.
    /// - Throws: `ServiceError` when DynamoDB or KMS refuses, ``ModelError`` when an item does not fit the model.
    public func page<Root: Model>(
        _ query: Query<Root>, limit: Int? = nil, after cursor: Cursor? = nil
    ) async throws -> Page<Root> {
        let input = try query.input(limit: limit, after: cursor?.key)
        return try await MetricsScope.explaining("query", of: Root.metricsName, table: input.table) {
            try await page(try await dynamoDB.query(input, models: [Root.metricsName]))
        }
    }

    /// Reads one page of a scan.
    ///
    /// - Parameters:
    ///   - scan: What to read.
    ///   - limit: The most items to read, before the filter; `nil` for as many as 1 MB holds.
    ///   - cursor: Where the page before it ended; `nil` for the first.
    /// - Returns: The page.
    /// - Throws: `ServiceError` when DynamoDB or KMS refuses, ``ModelError`` when an item does not fit the model.
    public func page<Root: Model>(
        _ scan: Scan<Root>, limit: Int? = nil, after cursor: Cursor? = nil
    ) async throws -> Page<Root> {
        let input = try scan.input(limit: limit, after: cursor?.key)
        return try await MetricsScope.explaining("scan", of: Root.metricsName, table: input.table) {
            try await page(try await dynamoDB.scan(input, models: [Root.metricsName]))
        }
    }

    private func page<Root: Model>(_ page: DynamoDB.Page) async throws -> Page<Root> {
        Page(
            items: try await models(Root.self, from: page.items, timedAs: .pageDecode),
            cursor: page.lastEvaluatedKey.map(Cursor.init))
    }

    /// Reads the item that won a conflict, as it was stored then.
    ///
    /// - Parameters:
    ///   - error: What a write threw.
    ///   - type: The model that was to be written.
    /// - Returns: The item; `nil` when the error is no conflict or there was no item.
    /// - Throws: `ServiceError` when KMS refuses, ``ModelError`` when the item does not fit the model.
    /// - Cost: One KMS request when the item has secrets.
    public func winner<Root: Model>(of error: any Error, as type: Root.Type) async throws -> Root? {
        guard let item = (error as? ModelError)?.item else { return nil }
        return try await models(type, from: [item], timedAs: .getDecode).first
    }

    // MARK: - From items to models

    /// Opens items and decodes them, with one Decrypt for each distinct data key.
    ///
    /// - Parameters:
    ///   - type: The model.
    ///   - items: What is stored, or was.
    ///   - name: What the time counts as.
    /// - Returns: A model for each item, in their order.
    /// - Throws: `ServiceError` when KMS refuses, ``ModelError`` when an item does not fit the model.
    package func models<Root: Model>(
        _ type: Root.Type, from items: [WireItem], timedAs name: StatisticName
    ) async throws -> [Root] {
        let schema = Root.schema
        guard !schema.secrets.isEmpty else {
            return try MetricsScope.timing(name, for: schema.modelName) { () throws(ModelError) in
                try items.map { (item) throws(ModelError) in try schema.model(from: item, opener: nil) }
            }
        }
        let keys = try await DataKeys(kms, schema).unwrap(items)
        return try MetricsScope.timing(name, for: schema.modelName) { () throws(ModelError) in
            try items.map { (item) throws(ModelError) in
                try schema.model(
                    from: item,
                    opener: ItemOpener(model: schema.modelName, place: try schema.place(of: item), keys: keys))
            }
        }
    }
}

extension Schema {
    func model(from item: WireItem, opener: ItemOpener?) throws(ModelError) -> Root {
        try read(item, opener: opener) { (reader) throws(ModelError) in try decode(&reader) }
    }

    /// Where the values of an item belong, by the key that it is stored under.
    func place(of item: WireItem) throws(ModelError) -> ItemPlace {
        var place = ItemPlace(table: try tableName())
        try read(item, opener: nil) { (reader) throws(ModelError) in
            for key in keys {
                do throws(AttributeError) {
                    guard try reader.seek(key.attribute) else {
                        throw AttributeError(expected: "a key", found: "nothing")
                    }
                    try place.append(key: try reader.values.value())
                } catch {
                    throw ModelError(model: modelName.rawValue, attribute: key.name, error)
                }
            }
        }
        return place
    }

    func read<Value>(
        _ item: WireItem, opener: ItemOpener?, _ body: (inout ItemReader) throws(ModelError) -> Value
    ) throws(ModelError) -> Value {
        try item.withReader { (json) throws(ModelError) in
            var reader: ItemReader
            do throws(JSONError) {
                reader = try ItemReader(json, model: modelName, opener: opener)
            } catch {
                throw ModelError(.attribute, model: modelName.rawValue, "the item is not one of DynamoDB's (\(error))")
            }
            return try body(&reader)
        }
    }
}
