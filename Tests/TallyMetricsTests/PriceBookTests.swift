import TallyMetrics
import Testing

@Suite struct PriceBookTests {
    @Test(arguments: [
        (Service.kms, "GenerateDataKey", 3_000_000), (.kms, "Decrypt", 3_000_000), (.kms, "DescribeKey", 3_000_000),
        (.s3, "PutObject", 5_000_000), (.s3, "CopyObject", 5_000_000), (.s3, "PutObjectTagging", 5_000_000),
        (.s3, "CreateMultipartUpload", 5_000_000), (.s3, "UploadPart", 5_000_000), (.s3, "UploadPartCopy", 5_000_000),
        (.s3, "CompleteMultipartUpload", 5_000_000), (.s3, "ListObjectsV2", 5_000_000), (.s3, "ListParts", 5_000_000),
        (.s3, "ListMultipartUploads", 5_000_000), (.s3, "RestoreObject", 5_000_000),
        (.s3, "GetObject", 400_000), (.s3, "GetObjectTagging", 400_000), (.s3, "HeadObject", 400_000),
        (.s3, "HeadBucket", 400_000), (.s3, "SelectObjectContent", 400_000),
        (.s3, "DeleteObject", 0), (.s3, "DeleteObjects", 0), (.s3, "DeleteObjectTagging", 0),
        (.s3, "AbortMultipartUpload", 0),
        (.dynamoDB, "PutItem", 0), (.dynamoDB, "CreateTable", 0), (.dynamoDB, "DescribeTimeToLive", 0),
        (.sqs, "SendMessage", 0), (.sts, "AssumeRole", 0), (Service(rawValue: "Athena"), "GetQueryResults", 0),
    ])
    func `each kind of request has its own price`(service: Service, operation: String, expected: Int) {
        #expect(PriceBook.usEast1.picoUSD(for: service, operation: operation, attempts: 1) == expected)
    }

    @Test func `DynamoDB is priced by the units consumed`() {
        let price = PriceBook.usEast1.picoUSD(
            for: .dynamoDB, operation: "TransactWriteItems", attempts: 1, readUnits: 0.5, writeUnits: 3)

        #expect(price == 62_500 + 1_875_000)
    }

    @Test func `a call that never reached a wire is free, and one that was retried is charged once`() {
        #expect(PriceBook.usEast1.picoUSD(for: .kms, operation: "Decrypt", attempts: 0) == 0)
        #expect(PriceBook.usEast1.picoUSD(for: .kms, operation: "Decrypt", attempts: 4) == 3_000_000)
    }

    @Test func `a scope prices with the book it was given`() {
        var prices = PriceBook.usEast1
        prices.kmsRequest = 7
        let scope = MetricsScope(prices: prices)

        MetricsScope.record(record(.kms, "Decrypt"), in: scope)

        #expect(scope.snapshot().estimatedCost == 7)
    }

    @Test func `a scope tells what each kind of call cost, and all of them`() {
        let scope = MetricsScope()

        for operation in ["PutObject", "PutObject", "GetObject", "DeleteObject"] {
            MetricsScope.record(record(.s3, operation), in: scope)
        }

        let costs = scope.snapshot().operations.map { ($0.key.operation, $0.totals.estimatedCost) }
        #expect(Dictionary(uniqueKeysWithValues: costs) == ["PutObject": 10, "GetObject": 0.4, "DeleteObject": 0])
        #expect(scope.snapshot().estimatedCost == 10.4)
    }

    @Test(arguments: [Double.nan, .infinity, -1, 1e300])
    func `a price that makes no sense counts as 0 and ends nothing`(price: Double) {
        var prices = PriceBook.usEast1
        prices.kmsRequest = price
        prices.transferPrices[.sameRegion] = TransferPrice(sent: price, received: price)

        #expect(prices.picoUSD(for: .kms, operation: "Decrypt", attempts: 1) == 0)
        let bytes = prices.picoUSD(
            for: .s3, operation: "DeleteObject", attempts: 1, bytesSent: .max, bytesReceived: .max)
        #expect(bytes == 0)
    }

    // MARK: - Transfer

    @Test(arguments: [
        (TransferClass.sameRegion, 0, 0), (.crossRegion, 20_000_000_000, 20_000_000_000),
        (.internet, 0, 90_000_000_000), (.nat, 45_000_000_000, 45_000_000_000),
        (TransferClass(rawValue: "unheard of"), 0, 0),
    ])
    func `a gigabyte costs by its way and direction`(way: TransferClass, sent: Int, received: Int) {
        var prices = PriceBook.usEast1
        prices.transferClass = way
        let gigabyte = 1 << 30
        func price(sent: Int = 0, received: Int = 0) -> Int {
            prices.picoUSD(
                for: .s3, operation: "DeleteObject", attempts: 1, bytesSent: sent, bytesReceived: received)
        }

        #expect(price(sent: gigabyte) == sent)
        #expect(price(received: gigabyte) == received)
        #expect(price(sent: gigabyte, received: gigabyte) == sent + received)
    }

    @Test func `content costs nothing unless told otherwise`() {
        #expect(PriceBook.listed.allSatisfy { $0.transferClass == .sameRegion })
        let price = PriceBook.usEast1.picoUSD(
            for: .s3, operation: "GetObject", attempts: 1, bytesSent: 1 << 30, bytesReceived: 1 << 30)
        #expect(price == 400_000)
    }

    @Test func `only the content of objects is priced, and only when it reached a wire`() {
        var prices = PriceBook.usEast1
        prices.transferClass = .nat
        func price(_ service: Service, attempts: Int = 1) -> Int {
            prices.picoUSD(
                for: service, operation: "GetObject", attempts: attempts, bytesSent: 1 << 30, bytesReceived: 1 << 30)
        }

        #expect(price(.dynamoDB) == 0)
        #expect(price(.kms) == 3_000_000)
        #expect(price(.s3, attempts: 0) == 0)
        #expect(price(.s3) == 400_000 + 90_000_000_000)
    }

    @Test func `a way of one's own can be priced`() {
        var prices = PriceBook.usEast1
        let endpoint = TransferClass(rawValue: "interfaceEndpoint")
        prices.transferPrices[endpoint] = TransferPrice(sent: 10_000, received: 10_000)
        prices.transferClass = endpoint

        let price = prices.picoUSD(for: .s3, operation: "DeleteObject", attempts: 1, bytesReceived: 1 << 30)

        #expect(price == 10_000_000_000)
    }

    // MARK: - Regions

    @Test(arguments: [
        // DynamoDB read and write unit, S3 write and read request, between regions, to the internet, NAT gateway.
        ("us-east-1", [0.125, 0.625, 5, 0.4, 20_000, 90_000, 45_000]),
        ("us-east-2", [0.125, 0.625, 5, 0.4, 20_000, 90_000, 45_000]),
        ("us-west-2", [0.125, 0.625, 5, 0.4, 20_000, 90_000, 45_000]),
        ("eu-west-1", [0.1415, 0.705, 5, 0.4, 20_000, 90_000, 48_000]),
        ("eu-central-1", [0.1525, 0.7625, 5.4, 0.43, 20_000, 90_000, 52_000]),
        ("ap-northeast-1", [0.1425, 0.715, 4.7, 0.37, 90_000, 114_000, 62_000]),
    ])
    func `a listed region has its own prices`(region: String, prices: [Double]) {
        let book = PriceBook(region: region)

        #expect(book.region == region)
        #expect(book.substituteFor == nil)
        let units = [book.dynamoDBReadUnit, book.dynamoDBWriteUnit, book.s3WriteRequest, book.s3ReadRequest]
        let transfer = [TransferClass.crossRegion, .internet, .nat].map { book.transferPrices[$0]?.received ?? -1 }
        #expect(units + transfer == prices)
        #expect(book.kmsRequest == 3)
    }

    @Test(arguments: ["eu-south-2", "", "EU-WEST-1"])
    func `for a region that is not listed us-east-1 stands in, and the book says so`(region: String) {
        var book = PriceBook(region: region)

        #expect(book.region == "us-east-1")
        #expect(book.substituteFor == region)
        book.substituteFor = nil
        #expect(book == .usEast1)
    }

    @Test func `each listing is dated, and no region is listed twice`() {
        #expect(PriceBook.listed.allSatisfy { $0.asOf.wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil })
        #expect(Set(PriceBook.listed.map(\.region)).count == PriceBook.listed.count)
    }
}
