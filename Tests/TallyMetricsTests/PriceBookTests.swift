import TallyMetrics
import Testing

@Suite struct PriceBookTests {
    @Test(arguments: [
        (Service.kms, "GenerateDataKey", 3_000_000), (.kms, "Decrypt", 3_000_000),
        (.s3, "PutObject", 5_000_000), (.s3, "CreateMultipartUpload", 5_000_000), (.s3, "UploadPart", 5_000_000),
        (.s3, "CompleteMultipartUpload", 5_000_000), (.s3, "ListObjectsV2", 5_000_000), (.s3, "CopyObject", 5_000_000),
        (.s3, "GetObject", 400_000), (.s3, "HeadObject", 400_000), (.s3, "HeadBucket", 400_000),
        (.s3, "DeleteObject", 0), (.s3, "DeleteObjects", 0), (.s3, "AbortMultipartUpload", 0),
        (.dynamoDB, "PutItem", 0), (Service(rawValue: "SQS"), "SendMessage", 0),
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
}
