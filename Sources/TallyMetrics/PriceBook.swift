/// What calls cost, in millionths of a US dollar.
///
/// An estimate, to see where the money goes. ``init(region:)`` has the public prices of the regions in ``listed``; any
/// price can be changed:
///
///     var prices = PriceBook(region: "eu-west-1")
///     prices.transferClass = .nat
///
/// | service | what is charged |
/// |---|---|
/// | DynamoDB | the units consumed, on demand; so batches and transactions by their units, operations on tables nothing |
/// | KMS | each request, management of keys included, at the price for symmetric keys |
/// | S3 | each request by its class, and content by ``transferClass`` |
/// | others | nothing |
///
/// S3 has three classes of requests: PUT, COPY, POST and LIST, to which all parts of an upload belong; GET, SELECT and
/// HEAD; DELETE and the abort of an upload, which are free. Prices are those of the storage class Standard.
///
/// Not in it: free tiers, volume discounts, reserved capacity, storage, Lambda itself, and the bytes of requests that
/// carry no content of an object. A table with provisioned capacity pays by the hour; set both its unit prices to 0.
///
/// Sources: <https://aws.amazon.com/dynamodb/pricing/on-demand/>, <https://aws.amazon.com/kms/pricing/>,
/// <https://aws.amazon.com/s3/pricing/>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html>.
public struct PriceBook: Sendable, Hashable {
    /// The region whose prices these are, such as `us-east-1`.
    public var region: String
    /// The region that was asked for, where these prices of another one stand in for it; else `nil`.
    public var substituteFor: String?
    /// The day of the oldest of the price lists that the prices come from, as `yyyy-mm-dd`.
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
    /// A gigabyte between function and S3, by its way; a way that is not in it is free.
    public var transferPrices: [TransferClass: TransferPrice]
    /// The way that content takes between function and S3.
    public var transferClass: TransferClass

    /// Creates a price book; prices are in millionths of a US dollar.
    ///
    /// - Parameters:
    ///   - region: The region whose prices these are.
    ///   - asOf: The day of the price list, as `yyyy-mm-dd`.
    ///   - dynamoDBReadUnit: One DynamoDB read request unit.
    ///   - dynamoDBWriteUnit: One DynamoDB write request unit.
    ///   - kmsRequest: One KMS request.
    ///   - s3WriteRequest: One S3 request of the class of PUT, COPY, POST and LIST.
    ///   - s3ReadRequest: One S3 request of the class of GET.
    ///   - transferPrices: A gigabyte between function and S3, by its way.
    ///   - transferClass: The way that content takes.
    public init(
        region: String, asOf: String, dynamoDBReadUnit: Double, dynamoDBWriteUnit: Double, kmsRequest: Double,
        s3WriteRequest: Double, s3ReadRequest: Double, transferPrices: [TransferClass: TransferPrice] = [:],
        transferClass: TransferClass = .sameRegion
    ) {
        self.region = region
        self.asOf = asOf
        self.dynamoDBReadUnit = dynamoDBReadUnit
        self.dynamoDBWriteUnit = dynamoDBWriteUnit
        self.kmsRequest = kmsRequest
        self.s3WriteRequest = s3WriteRequest
        self.s3ReadRequest = s3ReadRequest
        self.transferPrices = transferPrices
        self.transferClass = transferClass
    }

    /// What one call costs, in 10⁻¹² US dollars, a unit that sums without rounding.
    ///
    /// - Parameters:
    ///   - service: The service called.
    ///   - operation: The operation's name at the service.
    ///   - attempts: Requests put on a wire; a call that made none is free, one that was retried is charged once.
    ///   - readUnits: Read capacity consumed.
    ///   - writeUnits: Write capacity consumed.
    ///   - bytesSent: Content bytes sent, those of attempts that came to nothing included; only S3's cost anything.
    ///   - bytesReceived: Content bytes received; only S3's cost anything.
    /// - Returns: The price; 0 for a service that the book does not list, and where the prices make no sense.
    public func picoUSD(
        for service: Service, operation: String, attempts: Int, readUnits: Double = 0, writeUnits: Double = 0,
        bytesSent: Int = 0, bytesReceived: Int = 0
    ) -> Int {
        // A connection that is opened ahead of calls makes no request that is billed.
        guard attempts > 0, operation != CallRecord.warmUp else { return 0 }

        let microUSD: Double =
            switch service {
            case .dynamoDB: readUnits * dynamoDBReadUnit + writeUnits * dynamoDBWriteUnit
            case .kms: kmsRequest
            case .s3: s3Price(of: operation) + transferPrice(bytesSent: bytesSent, bytesReceived: bytesReceived)
            default: 0
            }
        let picoUSD = (microUSD * 1_000_000).rounded()
        // Anybody can write a book: no price in it may end the process, here or in a sum.
        return (0...Self.maximumPicoUSD).contains(picoUSD) ? Int(picoUSD) : 0
    }

    /// A thousand US dollars; no call costs as much, and 9,000 times as much fits an `Int`.
    private static let maximumPicoUSD = 1e15

    private func s3Price(of operation: String) -> Double {
        // Classes are told in terms of HTTP methods, and operations' names begin with words that follow the method.
        if operation.hasPrefix("Delete") || operation.hasPrefix("Abort") { return 0 }
        let isRead = operation.hasPrefix("Get") || operation.hasPrefix("Head") || operation.hasPrefix("Select")
        return isRead ? s3ReadRequest : s3WriteRequest
    }

    private func transferPrice(bytesSent: Int, bytesReceived: Int) -> Double {
        guard bytesSent > 0 || bytesReceived > 0, let price = transferPrices[transferClass] else { return 0 }
        return price.microUSD(bytesSent: bytesSent, bytesReceived: bytesReceived)
    }
}
