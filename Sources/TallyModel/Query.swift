import TallyAWS
import TallyMetrics
import TallyWire

/// A read of the items that share one partition key, in the order of their sort key.
///
///     Document.query(partition: "DOC#1", sortKey: .beginsWith("v"), filter: \.title != "draft")
///     Document.query(Document.byTitle, partition: "Report")
public struct Query<Root: Model>: Sendable {
    let index: Index<Root>?
    let partition: AttributeValue
    let sortKey: SortKeyCondition?
    let filter: Filter<Root>?
    let order: SortOrder
    let isConsistent: Bool

    /// Renders the request for one page.
    func input(limit: Int?, after start: WireItem?) throws(ModelError) -> DynamoDB.QueryInput {
        let schema = Root.schema
        var writer = ExpressionWriter(schema)
        var condition = writer.comparison(try partitionName(in: schema), "=", partition)
        if let sortKey { try append(sortKey, of: schema, to: &condition, with: &writer) }
        return DynamoDB.QueryInput(
            table: try schema.tableName(), index: index?.name, keyCondition: condition,
            filter: try writer.expression(optional: filter), consistentRead: isConsistent,
            scansForward: order == .ascending, limit: limit, exclusiveStartKey: start)
    }

    private func partitionName(in schema: Schema<Root>) throws(ModelError) -> String {
        guard let index else { return schema.partitionKey.name }
        return try schema.name(of: index.partition, in: "the index '\(index.name)'")
    }

    private func append(
        _ sortKey: SortKeyCondition, of schema: Schema<Root>, to condition: inout Expression,
        with writer: inout ExpressionWriter<Root>
    ) throws(ModelError) {
        let attribute: String
        if let index, let sort = index.sort {
            attribute = try schema.name(of: sort, in: "the index '\(index.name)'")
        } else if index == nil, let sort = schema.sortKey {
            attribute = sort.name
        } else {
            throw ModelError(
                .invalidRequest, model: "\(Root.self)",
                "the query has a condition on a sort key, and \(index.map { "the index '\($0.name)'" } ?? "the table") "
                    + "has none")
        }
        let name = writer.placeholder(for: attribute, in: &condition)
        switch sortKey.node {
        case .comparison(let symbol, let value):
            condition.text += " AND \(name) \(symbol) \(writer.placeholder(for: value, in: &condition))"
        case .range(let lower, let upper):
            let low = writer.placeholder(for: lower, in: &condition)
            condition.text += " AND \(name) BETWEEN \(low) AND \(writer.placeholder(for: upper, in: &condition))"
        case .prefix(let prefix):
            let value = writer.placeholder(for: .string(prefix), in: &condition)
            condition.text += " AND begins_with(\(name), \(value))"
        }
    }
}

extension Model {
    /// A read of the items that share a partition key.
    ///
    /// - Parameters:
    ///   - partition: The partition key's value.
    ///   - sortKey: Which part of the partition; `nil` for all of it.
    ///   - filter: Which of the items read to return. Items that are left out cost as much.
    ///   - order: The order of the sort key.
    ///   - consistent: Whether the read sees every write that ended before it, at twice the capacity.
    /// - Returns: The query; it makes no call by itself.
    public static func query(
        partition: some KeyConvertible, sortKey: SortKeyCondition? = nil, filter: Filter<Self>? = nil,
        order: SortOrder = .ascending, consistent: Bool = false
    ) -> Query<Self> {
        Query(
            index: nil, partition: partition.keyValue, sortKey: sortKey, filter: filter, order: order,
            isConsistent: consistent)
    }

    /// A read of the items that share a partition key of an index.
    ///
    /// - Parameters:
    ///   - index: The index.
    ///   - partition: The value of the index's partition key.
    ///   - sortKey: Which part of the partition; `nil` for all of it.
    ///   - filter: Which of the items read to return. Items that are left out cost as much.
    ///   - order: The order of the index's sort key.
    /// - Returns: The query; it makes no call by itself.
    public static func query(
        _ index: Index<Self>, partition: some KeyConvertible, sortKey: SortKeyCondition? = nil,
        filter: Filter<Self>? = nil, order: SortOrder = .ascending
    ) -> Query<Self> {
        Query(
            index: index, partition: partition.keyValue, sortKey: sortKey, filter: filter, order: order,
            isConsistent: false)
    }
}

extension Schema {
    /// The attribute that a property is stored as.
    func name(of path: any AnyKeyPath & Sendable, in place: String) throws(ModelError) -> String {
        guard let attribute = attributes.first(where: { ($0.path as AnyKeyPath) == (path as AnyKeyPath) }) else {
            throw ModelError(
                .invalidRequest, model: modelName.rawValue,
                "\(place) names a property that no field of the schema stores (\(path)); add a field for it")
        }
        return attribute.name
    }

    /// The table's name.
    ///
    /// - Returns: The name, or the ARN where the schema has one.
    /// - Throws: ``ModelError`` that names the environment variable that is not set.
    package func tableName() throws(ModelError) -> String {
        try table.resolved(for: modelName.rawValue)
    }
}
