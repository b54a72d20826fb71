/// The values of the dimensions of one detailed line.
struct DetailTuple: Sendable, Hashable {
    // What differs most comes first.
    static func == (left: DetailTuple, right: DetailTuple) -> Bool {
        left.kind == right.kind && left.name == right.name && left.resource == right.resource
            && left.service == right.service
    }

    enum Kind: Int, Sendable {
        case operation
        case index
        case error
    }

    let kind: Kind
    let service: Service
    /// The table or bucket; `nil` where the service's lines have none.
    let resource: String?
    /// The operation, index or error code.
    let name: String

    /// The tuple of a call, without its index: what indexes consume has lines of its own.
    static func operation(of record: CallRecord) -> DetailTuple {
        let isKeyed = record.service == .dynamoDB || record.service == .s3
        return DetailTuple(
            kind: .operation, service: record.service, resource: isKeyed ? record.resource ?? Self.other : nil,
            name: record.operation)
    }

    static func index(_ name: String, of table: String) -> DetailTuple {
        DetailTuple(kind: .index, service: .dynamoDB, resource: table, name: name)
    }

    static func error(_ code: String?, of service: Service) -> DetailTuple {
        let isKnown = code.map(KnownErrorCodes.all.contains) ?? false
        return DetailTuple(kind: .error, service: service, resource: nil, name: isKnown ? code ?? other : other)
    }

    /// Where what is beyond the bounds is summed.
    var overflow: DetailTuple {
        DetailTuple(kind: kind, service: service, resource: resource == nil ? nil : Self.other, name: Self.other)
    }

    static let other = "other"

    /// The dimensions beside `service`.
    var dimensions: [MetricDimension] {
        switch (kind, service) {
        case (.index, _): [.init(name: "table", value: resource ?? Self.other), .init(name: "index", value: name)]
        case (.error, _):
            [.init(name: "dependency", value: service.rawValue), .init(name: "errorCode", value: name)]
        case (.operation, .dynamoDB):
            [.init(name: "table", value: resource ?? Self.other), .init(name: "operation", value: name)]
        case (.operation, .s3):
            [.init(name: "bucket", value: resource ?? Self.other), .init(name: "operation", value: name)]
        case (.operation, .kms): [.init(name: "operation", value: name)]
        // Operations of two services may have one name.
        default: [.init(name: "dependency", value: service.rawValue), .init(name: "operation", value: name)]
        }
    }

    /// By kind, service, resource and name.
    static func precedes(_ left: DetailTuple, _ right: DetailTuple) -> Bool {
        (left.kind.rawValue, left.service.rawValue, left.resource ?? "", left.name)
            < (right.kind.rawValue, right.service.rawValue, right.resource ?? "", right.name)
    }
}
