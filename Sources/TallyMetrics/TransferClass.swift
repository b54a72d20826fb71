/// The way that content takes between a function and S3, on which depends what its bytes cost.
public struct TransferClass: RawRepresentable, Sendable, Hashable {
    /// The way's name, such as `crossRegion`.
    public let rawValue: String

    /// Creates a way, to be priced in ``PriceBook/transferPrices``.
    ///
    /// - Parameter rawValue: The way's name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Function and bucket are in one region, and no NAT gateway is between them; free.
    public static let sameRegion = TransferClass(rawValue: "sameRegion")
    /// The bucket is in another region.
    public static let crossRegion = TransferClass(rawValue: "crossRegion")
    /// The code runs outside AWS; what it sends to S3 is free.
    public static let internet = TransferClass(rawValue: "internet")
    /// The function is in a VPC that reaches S3 through a NAT gateway, which charges for both ways.
    ///
    /// A gateway endpoint for S3 costs nothing and makes it ``sameRegion``.
    public static let nat = TransferClass(rawValue: "nat")
}
