/// How a table's or an index's capacity is paid for.
public struct TableBilling: Sendable, Hashable {
    /// Read and write units.
    public struct Units: Sendable, Hashable {
        /// Read units: each second when provisioned, altogether a second at most on demand.
        public var read: Int
        /// Write units, likewise.
        public var write: Int

        /// Creates a pair of units.
        ///
        /// - Parameters:
        ///   - read: Read units.
        ///   - write: Write units.
        public init(read: Int, write: Int) {
            self.read = read
            self.write = write
        }
    }

    /// The units reserved each second; `nil` on demand.
    public var provisioned: Units?
    /// The most units a second on demand; `nil` for no bound.
    public var maximum: Units?

    /// For each request, without bound.
    public static let onDemand = TableBilling()

    /// For each request, up to a bound; more are throttled.
    ///
    /// - Parameters:
    ///   - read: The most read units a second.
    ///   - write: The most write units a second.
    /// - Returns: The billing.
    public static func onDemand(maximumRead read: Int, maximumWrite write: Int) -> TableBilling {
        TableBilling(maximum: Units(read: read, write: write))
    }

    /// For capacity that is reserved.
    ///
    /// - Parameters:
    ///   - read: Read units each second.
    ///   - write: Write units each second.
    /// - Returns: The billing.
    public static func provisioned(read: Int, write: Int) -> TableBilling {
        TableBilling(provisioned: Units(read: read, write: write))
    }
}
