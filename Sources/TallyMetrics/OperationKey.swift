/// What the calls of one row of a breakdown have in common.
public struct OperationKey: Sendable, Hashable, Comparable {
    /// The service called.
    public let service: Service
    /// The operation's name at the service; `other` in the row that holds what found no row of its own.
    public let operation: String
    /// The table, key or bucket.
    public let resource: String?
    /// The secondary index, where one was read.
    public let index: String?

    /// Creates a key.
    ///
    /// - Parameters:
    ///   - service: The service called.
    ///   - operation: The operation's name at the service.
    ///   - resource: The table, key or bucket.
    ///   - index: The secondary index, where one was read.
    public init(service: Service, operation: String, resource: String? = nil, index: String? = nil) {
        self.service = service
        self.operation = operation
        self.resource = resource
        self.index = index
    }

    /// The row of a call.
    init(_ record: CallRecord) {
        self.init(
            service: record.service, operation: record.operation, resource: record.resource, index: record.index)
    }

    /// Whether this is the row of a call.
    func isRow(of record: CallRecord) -> Bool {
        operation == record.operation && resource == record.resource && service == record.service
            && index == record.index
    }

    /// The row for the calls to `service` that are beyond the bound of a breakdown.
    static func overflow(of service: Service) -> OperationKey {
        OperationKey(service: service, operation: "other")
    }

    /// Orders by service, operation, resource and index; an absent resource or index comes first.
    public static func < (left: OperationKey, right: OperationKey) -> Bool {
        if left.service != right.service { return left.service.rawValue < right.service.rawValue }
        if left.operation != right.operation { return left.operation < right.operation }
        if left.resource != right.resource { return precedes(left.resource, right.resource) }
        return precedes(left.index, right.index)
    }

    private static func precedes(_ left: String?, _ right: String?) -> Bool {
        guard let right else { return false }
        guard let left else { return true }
        return left < right
    }
}
