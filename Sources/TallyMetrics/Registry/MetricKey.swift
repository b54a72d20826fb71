/// What one series of observations is told apart by: name, unit, kind and dimensions.
///
///     let parcels = MetricKey("ParcelsSent", unit: .count, dimensions: ["service": "shop", "carrier": "dhl"])
public struct MetricKey: Sendable, Hashable {
    /// The metric's name.
    public let name: String
    /// The unit of its values.
    public let unit: MetricUnit
    /// How its observations add up.
    public let kind: MetricKind
    /// The namespace it was given by itself; `nil` for that of the sink.
    public let namespace: String?
    /// The dimensions in the order of their names, each name once.
    public let dimensions: [MetricDimension]

    /// Creates a key.
    ///
    /// - Parameters:
    ///   - name: The metric's name: 1 to 255 printable ASCII characters.
    ///   - unit: The unit of its values.
    ///   - kind: How its observations add up; by default as the unit suggests: things and bytes are counted, anything
    ///     else is a distribution.
    ///   - namespace: A namespace of its own.
    ///   - dimensions: Names and values in any order; of a name that is there twice the last value holds.
    public init(
        _ name: String, unit: MetricUnit = .none, kind: MetricKind? = nil, namespace: String? = nil,
        dimensions: KeyValuePairs<String, String> = [:]
    ) {
        self.init(
            name, unit: unit, kind: kind, namespace: namespace, dimensions: dimensions.map(MetricDimension.init))
    }

    init(
        _ name: String, unit: MetricUnit, kind: MetricKind? = nil, namespace: String? = nil,
        dimensions: [MetricDimension]
    ) {
        self.name = name
        self.unit = unit
        self.kind = kind ?? MetricKind(unit)
        self.namespace = namespace
        self.dimensions = Self.sorted(dimensions)
    }

    /// The key of one of Tally's own metrics.
    init(_ name: MetricName, dimensions: [MetricDimension]) {
        self.init(
            name.rawValue, unit: name.unit, kind: name == .maxMemoryUsed ? .gauge : nil, dimensions: dimensions)
    }

    private static func sorted(_ dimensions: [MetricDimension]) -> [MetricDimension] {
        var values: [String: MetricDimension] = [:]
        for dimension in dimensions { values[dimension.name] = dimension }
        return values.values.sorted { $0.name < $1.name }
    }

    // MARK: - Bounds

    /// The dimensions of single tables, operations and errors, which are for level `detailed` only.
    static let detailDimensions: Set<String> = ["table", "bucket", "operation", "index", "errorCode"]

    /// The key without the dimensions of single tables, operations and errors.
    var summary: MetricKey {
        guard dimensions.contains(where: { Self.detailDimensions.contains($0.name) }) else { return self }
        return with(dimensions.filter { !Self.detailDimensions.contains($0.name) })
    }

    /// The key that stands for all that found no place of their own.
    var overflow: MetricKey {
        with(dimensions.map { MetricDimension(name: $0.name, value: "other") })
    }

    private func with(_ dimensions: [MetricDimension]) -> MetricKey {
        MetricKey(name, unit: unit, kind: kind, namespace: namespace, dimensions: dimensions)
    }

    /// What is wrong with the key by CloudWatch's rules, which refuse a whole request for one such key.
    var fault: String? {
        guard MetricRules.isText(name, upTo: 255), !name.hasPrefix(":") else {
            return "not a name that sinks take. Use 1 to 255 printable ASCII characters, not beginning with ':'"
        }
        guard dimensions.count <= MetricRules.dimensionLimit else {
            return "\(dimensions.count) dimensions. Use at most \(MetricRules.dimensionLimit)"
        }
        // In a document each of them is a member of the same object.
        let members = dimensions.map(\.name) + [name]
        guard members.firstIndex(of: name) == dimensions.count, !members.contains("_aws") else {
            return "a name of the line's own, or of one of its dimensions. Choose another name"
        }
        for dimension in dimensions {
            guard MetricRules.isText(dimension.name, upTo: 250), !dimension.name.hasPrefix(":") else {
                return "the dimension \(quoted(dimension.name)) is not a name that sinks take. "
                    + "Use 1 to 250 printable ASCII characters, not beginning with ':'"
            }
            if let fault = MetricRules.fault(inDimensionValue: dimension.value) { return fault }
        }
        return namespace.flatMap(MetricRules.fault(inNamespace:))
    }
}

extension MetricKey: Comparable {
    /// Orders by namespace and dimensions, then by name, so that what belongs into one document stands together.
    ///
    /// - Parameters:
    ///   - left: A key.
    ///   - right: Another key.
    /// - Returns: Whether `left` comes first.
    public static func < (left: MetricKey, right: MetricKey) -> Bool {
        if left.namespace != right.namespace { return (left.namespace ?? "") < (right.namespace ?? "") }
        if left.dimensions != right.dimensions {
            return left.dimensions.lexicographicallyPrecedes(right.dimensions) {
                ($0.name, $0.value) < ($1.name, $1.value)
            }
        }
        return (left.name, left.unit.rawValue) < (right.name, right.unit.rawValue)
    }
}
