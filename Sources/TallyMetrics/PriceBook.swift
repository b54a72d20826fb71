/// What calls cost, in millionths of a US dollar.
///
/// An estimate, to see where the money goes: free tiers, volume discounts, reserved capacity, storage and transfer out of
/// the region are not in it. A table with provisioned capacity pays by the hour; set both its unit prices to 0.
public struct PriceBook: Sendable, Hashable {
    /// The day on which the prices were taken down, as `yyyy-mm-dd`.
    public var asOf: String
    /// One DynamoDB read request unit, on demand.
    public var dynamoDBReadUnit: Double
    /// One DynamoDB write request unit, on demand.
    public var dynamoDBWriteUnit: Double
    /// One KMS request.
    public var kmsRequest: Double
    /// One S3 request of the class of PUT, COPY, POST and LIST.
    public var s3WriteRequest: Double
    /// One S3 request of the class of GET.
    public var s3ReadRequest: Double

    /// Creates a price book; prices are in millionths of a US dollar.
    ///
    /// - Parameters:
    ///   - asOf: The day on which the prices were taken down, as `yyyy-mm-dd`.
    ///   - dynamoDBReadUnit: One DynamoDB read request unit.
    ///   - dynamoDBWriteUnit: One DynamoDB write request unit.
    ///   - kmsRequest: One KMS request.
    ///   - s3WriteRequest: One S3 request of the class of PUT, COPY, POST and LIST.
    ///   - s3ReadRequest: One S3 request of the class of GET.
    public init(
        asOf: String, dynamoDBReadUnit: Double, dynamoDBWriteUnit: Double, kmsRequest: Double, s3WriteRequest: Double,
        s3ReadRequest: Double
    ) {
        self.asOf = asOf
        self.dynamoDBReadUnit = dynamoDBReadUnit
        self.dynamoDBWriteUnit = dynamoDBWriteUnit
        self.kmsRequest = kmsRequest
        self.s3WriteRequest = s3WriteRequest
        self.s3ReadRequest = s3ReadRequest
    }

    /// The public prices of us-east-1.
    ///
    /// Sources: <https://aws.amazon.com/dynamodb/pricing/on-demand/>, <https://aws.amazon.com/kms/pricing/>,
    /// <https://aws.amazon.com/s3/pricing/>.
    public static let usEast1 = PriceBook(
        asOf: "2026-11-21", dynamoDBReadUnit: 0.125, dynamoDBWriteUnit: 0.625, kmsRequest: 3, s3WriteRequest: 5,
        s3ReadRequest: 0.4)

    /// What one call costs, in 10⁻¹² US dollars, a unit that sums without rounding.
    ///
    /// - Parameters:
    ///   - service: The service called.
    ///   - operation: The operation's name at the service.
    ///   - attempts: Requests put on a wire; a call that made none is free, one that was retried is charged once.
    ///   - readUnits: Read capacity consumed.
    ///   - writeUnits: Write capacity consumed.
    /// - Returns: The price; 0 for a service that the book does not list.
    public func picoUSD(
        for service: Service, operation: String, attempts: Int, readUnits: Double = 0, writeUnits: Double = 0
    ) -> Int {
        // A connection that is opened ahead of calls makes no request that is billed.
        guard attempts > 0, operation != CallRecord.warmUp else { return 0 }

        let microUSD: Double =
            switch service {
            case .dynamoDB: readUnits * dynamoDBReadUnit + writeUnits * dynamoDBWriteUnit
            case .kms: kmsRequest
            case .s3: s3Price(of: operation)
            default: 0
            }
        return Int((microUSD * 1_000_000).rounded())
    }

    private func s3Price(of operation: String) -> Double {
        switch operation {
        case "DeleteObject", "DeleteObjects", "AbortMultipartUpload": 0
        case _ where operation.hasPrefix("Get") || operation.hasPrefix("Head"): s3ReadRequest
        default: s3WriteRequest
        }
    }
}
