/// Something that a handler adds to its invocation's metrics.
enum MetricAddition: Sendable {
    /// Where a metric goes that is not to be on the invocation's line.
    struct Place: Sendable {
        let namespace: String?
        let dimensions: [MetricDimension]
    }

    case value(Double, name: String, MetricUnit, MetricResolution, at: Place?)
    case dimensions([MetricDimension])
    /// The value is JSON, `nil` where it is none.
    case property(name: String, json: [UInt8]?)

    /// What it is called in a warning.
    var name: String {
        switch self {
        case .value(_, let name, _, _, _): name
        case .dimensions(let set): set.first?.name ?? ""
        case .property(let name, _): name
        }
    }
}
