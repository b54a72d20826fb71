/// What a handler added under one namespace and one choice of dimensions; together with the line's own members it
/// becomes one document, or several where one is not enough.
struct MetricDocument: Sendable {
    struct Metric: Sendable {
        let name: String
        let unit: MetricUnit
        let resolution: MetricResolution
        var values: [Double]
    }

    struct Property: Sendable {
        let name: String
        /// The value as JSON.
        var json: [UInt8]
    }

    private enum Role {
        case metric(Int)
        case dimension(String)
        case property(Int)

        var title: String {
            switch self {
            case .metric: "metric"
            case .dimension: "dimension"
            case .property: "property"
            }
        }
    }

    /// In the order in which they were added first.
    private(set) var metrics: [Metric] = []
    /// Each without `service`, which every set has.
    private(set) var dimensionSets: [[MetricDimension]] = []
    /// The dimensions of all sets, each once.
    private(set) var dimensions: [MetricDimension] = []
    private(set) var properties: [Property] = []
    private var propertyBytes = 0
    private var dimensionNameBytes = 0
    private let ownDimensions: [MetricDimension]
    // A name is one member of the line: no two things can have it.
    private var roles: [String: Role] = [:]

    /// Creates a document.
    ///
    /// - Parameter dimensions: The function's own, which the document's sets need not repeat.
    init(dimensions: [MetricDimension] = []) {
        ownDimensions = dimensions
        for dimension in dimensions {
            roles[dimension.name] = .dimension(dimension.value)
        }
    }

    // MARK: - Adding

    /// Adds a value to the metric of that name.
    mutating func add(
        _ value: Double, to name: String, _ unit: MetricUnit, _ resolution: MetricResolution
    ) throws(MetricRefusal) {
        if let fault = MetricRules.fault(inValue: value) { throw MetricRefusal(name: name, reason: fault) }

        switch roles[name] {
        case .metric(let position):
            guard metrics[position].unit == unit, metrics[position].resolution == resolution else {
                throw MetricRefusal(name: name, reason: Self.mismatch(metrics[position]))
            }
            metrics[position].values.append(value)
        case let role?: throw Self.collision(name, with: role)
        case nil:
            if let fault = MetricRules.fault(inName: name) { throw MetricRefusal(name: name, reason: fault) }
            roles[name] = .metric(metrics.count)
            metrics.append(Metric(name: name, unit: unit, resolution: resolution, values: [value]))
        }
    }

    /// Adds one set of dimensions, all of it or nothing.
    mutating func add(_ set: [MetricDimension]) throws(MetricRefusal) {
        for (position, dimension) in set.enumerated() {
            try check(dimension)
            guard !set[..<position].contains(where: { $0.name == dimension.name }) else {
                throw MetricRefusal(name: dimension.name, reason: "a dimension twice in one set. Leave one out")
            }
        }
        let set = set.filter { !ownDimensions.contains($0) }
        guard let first = set.first, !dimensionSets.contains(where: { Set($0) == Set(set) }) else { return }

        let added = set.filter { roles[$0.name] == nil }
        let count = ownDimensions.count + dimensions.count + added.count
        let nameBytes = set.reduce(dimensionNameBytes) { $0 + $1.name.utf8.count }
        // One less for `service`.
        guard count < MetricRules.dimensionLimit, nameBytes <= MetricRules.dimensionNameByteLimit else {
            throw MetricRefusal(
                name: first.name,
                reason: "with it there are more than \(MetricRules.dimensionLimit) dimensions or "
                    + "\(MetricRules.dimensionNameByteLimit) bytes of their names. "
                    + "Set it as a property, which costs nothing and can be queried as well")
        }
        for dimension in added {
            roles[dimension.name] = .dimension(dimension.value)
        }
        dimensions += added
        dimensionNameBytes = nameBytes
        dimensionSets.append(set)
    }

    /// Sets a property, in place of an earlier value.
    mutating func set(_ name: String, to json: [UInt8]) throws(MetricRefusal) {
        let room = MetricRules.propertyByteLimit - propertyBytes
        switch roles[name] {
        case .property(let position):
            let growth = json.count - properties[position].json.count
            guard growth <= room else { throw Self.noRoom(name) }
            propertyBytes += growth
            properties[position].json = json
        case let role?: throw Self.collision(name, with: role)
        case nil:
            if let fault = MetricRules.fault(inName: name) { throw MetricRefusal(name: name, reason: fault) }
            let growth = json.count + name.utf8.count
            guard growth <= room, properties.count < MetricRules.propertyLimit else { throw Self.noRoom(name) }
            propertyBytes += growth
            roles[name] = .property(properties.count)
            properties.append(Property(name: name, json: json))
        }
    }

    // MARK: - Reading

    /// Whether the line has a member of that name because of this document.
    func hasMember(_ name: String) -> Bool { roles[name] != nil }

    /// The values of a metric, in their order; empty when there is none of that name.
    func values(of name: String) -> [Double] {
        guard case .metric(let position) = roles[name] else { return [] }
        return metrics[position].values
    }

    // MARK: - Refusing

    private func check(_ dimension: MetricDimension) throws(MetricRefusal) {
        switch roles[dimension.name] {
        case .dimension(dimension.value): return
        case .dimension(let value):
            throw MetricRefusal(
                name: dimension.name,
                reason: "the dimension is \(quoted(value)) already, now \(quoted(dimension.value)) was given. "
                    + "Use separate(dimensions:) for metrics with other dimensions")
        case let role?: throw Self.collision(dimension.name, with: role)
        case nil: try dimension.check()
        }
    }

    private static func collision(_ name: String, with role: Role) -> MetricRefusal {
        MetricRefusal(
            name: name,
            reason: "there is a \(role.title) of this name, and the line has one member for each. Choose another name")
    }

    private static func mismatch(_ metric: Metric) -> String {
        "the metric began with unit \(metric.unit.rawValue) and resolution \(metric.resolution.rawValue) s, and another "
            + "would be another metric. Add all of its values alike"
    }

    private static func noRoom(_ name: String) -> MetricRefusal {
        MetricRefusal(
            name: name,
            reason: "with it there are more than \(MetricRules.propertyLimit) properties or "
                + "\(MetricRules.propertyByteLimit) bytes of them. Write the rest with the logger")
    }
}

extension MetricDimension {
    /// Checks name and value by CloudWatch's rules.
    func check() throws(MetricRefusal) {
        // 250 by the published schema, where the API has 255.
        if let fault = MetricRules.fault(inName: name, upTo: 250) { throw MetricRefusal(name: name, reason: fault) }
        if let fault = MetricRules.fault(inDimensionValue: value) { throw MetricRefusal(name: name, reason: fault) }
    }
}
