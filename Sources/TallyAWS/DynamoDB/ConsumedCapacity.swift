/// The capacity that one request consumed.
public struct ConsumedCapacity: Sendable, Hashable {
    /// Read units of a read, write units of a write, indexes included.
    public var units: Double
    /// The share of each index, where the request asked for it.
    public var indexes: [String: Double]

    /// Creates an amount.
    ///
    /// - Parameters:
    ///   - units: Read units of a read, write units of a write, indexes included.
    ///   - indexes: The share of each index.
    public init(units: Double, indexes: [String: Double] = [:]) {
        self.units = units
        self.indexes = indexes
    }
}
