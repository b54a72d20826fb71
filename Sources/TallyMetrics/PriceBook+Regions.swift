extension PriceBook {
    /// Creates the public prices of a region.
    ///
    /// For a region that is not in ``listed`` the prices of us-east-1 stand in, though most regions cost more;
    /// ``substituteFor`` then names the region.
    ///
    /// - Parameter region: The region's name, such as `eu-west-1`.
    public init(region: String) {
        if let book = Self.listed.first(where: { $0.region == region }) {
            self = book
        } else {
            self = .usEast1
            substituteFor = region
        }
    }

    /// The public prices of the regions whose prices are known.
    ///
    /// Requests cost what AWS's price lists say, such as
    /// <https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonDynamoDB/current/eu-west-1/index.json>; S3 in
    /// us-east-2 is taken to cost what it costs in us-east-1, and KMS everywhere what it costs where its list was read.
    /// Transfer is that of the first tier, between regions the price to most of them; for the regions of Europe and
    /// us-west-2 it is as others quote it. Check what you build on.
    public static let listed: [PriceBook] = [usEast1, usEast2, usWest2, euWest1, euCentral1, apNortheast1]

    /// The public prices of us-east-1.
    public static let usEast1 = PriceBook(
        region: "us-east-1", asOf: "2026-08-31", dynamoDBReadUnit: 0.125, dynamoDBWriteUnit: 0.625, kmsRequest: 3,
        s3WriteRequest: 5, s3ReadRequest: 0.4,
        transferPrices: transferPrices(crossRegion: 20_000, internet: 90_000, nat: 45_000))

    private static let usEast2 = PriceBook(
        region: "us-east-2", asOf: "2026-08-31", dynamoDBReadUnit: 0.125, dynamoDBWriteUnit: 0.625, kmsRequest: 3,
        s3WriteRequest: 5, s3ReadRequest: 0.4,
        transferPrices: transferPrices(crossRegion: 20_000, internet: 90_000, nat: 45_000))

    private static let usWest2 = PriceBook(
        region: "us-west-2", asOf: "2026-08-31", dynamoDBReadUnit: 0.125, dynamoDBWriteUnit: 0.625, kmsRequest: 3,
        s3WriteRequest: 5, s3ReadRequest: 0.4,
        transferPrices: transferPrices(crossRegion: 20_000, internet: 90_000, nat: 45_000))

    private static let euWest1 = PriceBook(
        region: "eu-west-1", asOf: "2026-08-31", dynamoDBReadUnit: 0.1415, dynamoDBWriteUnit: 0.705, kmsRequest: 3,
        s3WriteRequest: 5, s3ReadRequest: 0.4,
        transferPrices: transferPrices(crossRegion: 20_000, internet: 90_000, nat: 48_000))

    private static let euCentral1 = PriceBook(
        region: "eu-central-1", asOf: "2026-08-31", dynamoDBReadUnit: 0.1525, dynamoDBWriteUnit: 0.7625, kmsRequest: 3,
        s3WriteRequest: 5.4, s3ReadRequest: 0.43,
        transferPrices: transferPrices(crossRegion: 20_000, internet: 90_000, nat: 52_000))

    private static let apNortheast1 = PriceBook(
        region: "ap-northeast-1", asOf: "2026-08-31", dynamoDBReadUnit: 0.1425, dynamoDBWriteUnit: 0.715, kmsRequest: 3,
        s3WriteRequest: 4.7, s3ReadRequest: 0.37,
        transferPrices: transferPrices(crossRegion: 90_000, internet: 114_000, nat: 62_000))

    /// The ways' prices per gigabyte, on the sides that are charged.
    ///
    /// Bytes between regions are charged where they leave: those sent leave the function's region, those received the
    /// bucket's. What comes from the internet is free. A NAT gateway charges for what it passes on, in both directions.
    ///
    /// Sources: <https://aws.amazon.com/lambda/pricing/>, <https://aws.amazon.com/s3/pricing/>,
    /// <https://aws.amazon.com/vpc/pricing/>.
    private static func transferPrices(
        crossRegion: Double, internet: Double, nat: Double
    ) -> [TransferClass: TransferPrice] {
        [
            .sameRegion: TransferPrice(sent: 0, received: 0),
            .crossRegion: TransferPrice(sent: crossRegion, received: crossRegion),
            .internet: TransferPrice(sent: 0, received: internet),
            .nat: TransferPrice(sent: nat, received: nat),
        ]
    }
}
