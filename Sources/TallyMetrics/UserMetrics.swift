/// What a handler added to its invocation's metrics, checked and ready for the line; see ``InvocationMetrics``.
public struct UserMetrics: Sendable {
    /// Metrics with dimensions or a namespace of their own.
    struct Separate: Sendable {
        let namespace: String?
        var document: MetricDocument
    }

    private struct Place: Hashable {
        let namespace: String?
        let dimensions: Set<MetricDimension>
    }

    /// What goes onto the invocation's line.
    private(set) var main: MetricDocument
    /// What goes onto lines of its own, in the order of the first metric of each.
    private(set) var separate: [Separate] = []
    /// How much was not taken.
    private(set) var rejectedCount = 0
    private var places: [Place: Int] = [:]
    private var valueCount = 0
    private let dimensions: [MetricDimension]

    init(dimensions: [MetricDimension]) {
        self.dimensions = dimensions
        main = MetricDocument(dimensions: dimensions)
    }

    /// Makes one addition, and counts it where it is refused.
    mutating func apply(_ addition: MetricAddition) throws(MetricRefusal) {
        do throws(MetricRefusal) {
            switch addition {
            case .value(let value, let name, let unit, let resolution, let place):
                guard valueCount < MetricRules.storedValueLimit else {
                    throw MetricRefusal(
                        name: name,
                        reason: "the invocation has \(valueCount) values already. Add sums in place of single values")
                }
                try add(value, to: name, unit, resolution, at: place)
                valueCount += 1
            case .dimensions(let set): try main.add(set)
            case .property(let name, let json):
                guard let json else {
                    throw MetricRefusal(
                        name: name,
                        reason: "the property's value is not written as one line of JSON. Correct its write(to:)")
                }
                try main.set(name, to: json)
            }
        } catch {
            rejectedCount += 1
            throw error
        }
    }

    private mutating func add(
        _ value: Double, to name: String, _ unit: MetricUnit, _ resolution: MetricResolution,
        at place: MetricAddition.Place?
    ) throws(MetricRefusal) {
        guard let place else { return try main.add(value, to: name, unit, resolution) }

        let key = Place(namespace: place.namespace, dimensions: Set(place.dimensions))
        if let position = places[key] { return try separate[position].document.add(value, to: name, unit, resolution) }

        if let namespace = place.namespace, let fault = MetricRules.fault(inNamespace: namespace) {
            throw MetricRefusal(name: namespace, reason: fault)
        }
        var document = MetricDocument(dimensions: dimensions)
        try document.add(place.dimensions)
        try document.add(value, to: name, unit, resolution)
        places[key] = separate.count
        separate.append(Separate(namespace: place.namespace, document: document))
    }

    /// The values of a metric of the invocation's own line, in their order.
    func values(of name: String) -> [Double] { main.values(of: name) }
}
