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
    public static let usEast1 = book("us-east-1")
    private static let usEast2 = book("us-east-2")
    private static let usWest2 = book("us-west-2")
    private static let euWest1 = book("eu-west-1", readUnit: 0.1415, writeUnit: 0.705, nat: 48_000)
    private static let euCentral1 = book(
        "eu-central-1", readUnit: 0.1525, writeUnit: 0.7625, s3Write: 5.4, s3Read: 0.43, nat: 52_000)
    private static let apNortheast1 = book(
        "ap-northeast-1", readUnit: 0.1425, writeUnit: 0.715, s3Write: 4.7, s3Read: 0.37, crossRegion: 90_000,
        internet: 114_000, nat: 62_000)

    /// A region's book, with the prices of us-east-1 where it has none of its own.
    private static func book(
        _ region: String, readUnit: Double = 0.125, writeUnit: Double = 0.625, s3Write: Double = 5,
        s3Read: Double = 0.4, crossRegion: Double = 20_000, internet: Double = 90_000, nat: Double = 45_000
    ) -> PriceBook {
        PriceBook(
            region: region, asOf: "2026-08-31", dynamoDBReadUnit: readUnit, dynamoDBWriteUnit: writeUnit,
            kmsRequest: 3, s3WriteRequest: s3Write, s3ReadRequest: s3Read,
            transferPrices: transferPrices(crossRegion: crossRegion, internet: internet, nat: nat))
    }

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
