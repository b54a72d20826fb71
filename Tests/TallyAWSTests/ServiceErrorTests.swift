import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

struct ServiceErrorTests {
    private let call = ServiceCall(
        .dynamoDB, "PutItem", resource: "documents", models: [], request: Request(.post, "http://127.0.0.1:1/")
    )

    private func error(_ status: Int, _ body: String, _ headers: Headers = [:]) -> ServiceError {
        ServiceError(Response(status: status, headers: headers, body: Array(body.utf8)), to: call)
    }

    // MARK: - Reading

    @Test(arguments: [
        #"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"m"}"#,
        #"{"__type":"ResourceNotFoundException","Message":"m"}"#,
        #"{"__type":"aws.protocoltests#ResourceNotFoundException:http://internal.amazon.com/x/","message":"m"}"#,
        #"{"code":"ResourceNotFoundException:http://internal.amazon.com/x#y","message":"m","extra":{"a":[1]}}"#,
        #" {"message":"m","__type":"com.amazon.coral#ResourceNotFoundException","Item":null}"#,
        "<ErrorResponse><Error><Code>ResourceNotFoundException</Code><Message>m</Message></Error></ErrorResponse>",
    ])
    func `code and message are found in every form`(body: String) {
        let error = error(400, body)

        #expect(error.code == .resourceNotFound)
        #expect(error.message == "m")
        #expect(!error.isRetryable)
    }

    @Test func `the header names the code where the body does not`() {
        let headers: Headers = ["x-amzn-ErrorType": "NotFoundException:http://internal/", "x-amzn-RequestId": "4F2A"]

        let error = error(400, "", headers)

        #expect(error.code.rawValue == "NotFoundException")
        #expect(error.requestID == "4F2A")
    }

    @Test(arguments: [
        (502, "<html><head><title>502 Bad Gateway</title></head>\n<body></body></html>"), (500, ""), (503, "null"),
        (504, "\u{0}\u{1}\u{7F}"), (500, "{\"__type\":"), (500, "{"), (500, "<"), (500, "<Error><Code>x"), (500, "[]"),
    ])
    func `a body in no known form leaves the status to decide`(status: Int, body: String) {
        let error = error(status, body)

        #expect(error.code.rawValue == "HTTP\(status)")
        #expect(error.isRetryable)
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func `a text that breaks off still tells its code, but no item`() {
        let error = error(400, #"{"__type":"ConditionalCheckFailedException","Item":{"pk":{"S":"1"}},"mess"#)

        #expect(error.code == .conditionalCheckFailed)
        #expect(error.item == nil)
    }

    @Test func `a huge body leaves a short message`() {
        let long = String(repeating: "x", count: 5_000_000)

        #expect(error(500, long).description.utf8.count < 400)
        #expect(error(400, #"{"__type":"A","message":"\#(long)"}"#).message.utf8.count < 1_100)
    }

    @Test func `a failed condition brings the item that made it fail`() throws {
        let body = #"{"__type":"x#ConditionalCheckFailedException","Item":{"pk":{"S":"1"}},"message":"no"}"#
        let error = error(400, body)

        #expect(error.isConditionalFailure)
        #expect(try error.item?.item() == ["pk": .string("1")])
    }

    // MARK: - Telling

    @Test func `what was throttled, and by which limit, is told`() {
        let error = error(
            400,
            #"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"m","ThrottlingReasons":["#
                + #"{"reason":"TableReadProvisionedThroughputExceeded","#
                + #""resource":"arn:aws:dynamodb:us-east-1:1:table/documents"},"#
                + #"{"reason":"IndexWriteKeyRangeThroughputExceeded","new":1,"#
                + #""resource":"arn:aws:dynamodb:us-east-1:1:table/documents/index/by-title"},{"reason":"X"}]}"#)

        #expect(error.isThrottling)
        #expect(
            error.throttlingReasons.map(\.reason) == [
                "TableReadProvisionedThroughputExceeded", "IndexWriteKeyRangeThroughputExceeded", "X",
            ])
        #expect(error.throttlingReasons.map(\.table) == ["documents", "documents", nil])
        #expect(error.throttlingReasons.map(\.index) == [nil, "by-title", nil])
    }

    @Test(arguments: [
        "\0\0\0", "\u{FEFF}{}", "<!DOCTYPE html><html>", String(repeating: "[", count: 100_000),
        #"{"__type":{"a":1},"message":[]}"#, #"{"__type":""#, "null", "[]", "\"text\"",
        #"{"CancellationReasons":{"a":1},"__type":"TransactionCanceledException"}"#,
    ])
    func `a body in no form that AWS has leaves the status and an excerpt`(body: String) {
        let error = error(500, body)

        #expect(error.isRetryable)
        #expect(error.status == 500)
        #expect(error.message.utf8.count < 2_000)
        #expect(error.cancellationReasons.isEmpty)
    }

    @Test func `bytes that are no text are survived`() {
        let call = ServiceCall(.dynamoDB, "GetItem", resource: "t", models: [], request: Request(.post, "http://h/"))

        let error = ServiceError(Response(status: 400, body: [0xFF, 0xFE, 0x00, 0x7B]), to: call)

        #expect(error.code.rawValue == "HTTP400")
    }

    @Test func `a description says where, what was seen and what to do`() {
        var error = error(
            400, #"{"__type":"x#ResourceNotFoundException","message":"Requested resource not found"}"#,
            ["x-amzn-RequestId": "ABC"]
        )
        error.attempts = 1
        error.advise(region: "us-east-1", url: "http://127.0.0.1:1/")

        #expect(
            error.description == "DynamoDB PutItem documents: ResourceNotFoundException: Requested resource not found "
                + "(request ABC, status 400, 1 attempt). "
                + "Check that the table (and index) exists in us-east-1 and that its name is right."
        )
    }

    @Test func `an endpoint that cannot be reached is named`() async throws {
        let transport = ScriptedTransport(.broken(.connectionFailed, attempts: 0))
        let client = try ServiceClient.scripted(transport, overrides: [.kms: "http://127.0.0.1:9"])

        let error = await #expect(throws: ServiceError.self) {
            _ = try await KMS(client).generateDataKey(.init(key: "alias/documents"))
        }

        let text = try #require(error?.description)
        #expect(text.hasPrefix("KMS GenerateDataKey alias/documents: NoResponse: "))
        #expect(text.contains("(3 attempts in 150 ms)"))
        #expect(text.contains("Check that http://127.0.0.1:9 can be reached"))
    }

    @Test(arguments: [
        (Service.dynamoDB, "PutItem", "AccessDeniedException", "needs dynamodb:PutItem on x"),
        (.kms, "Decrypt", "AccessDeniedException", "needs kms:Decrypt on x"),
        (.s3, "UploadPart", "AccessDenied", "needs s3:PutObject on x"),
        (.s3, "AbortMultipartUpload", "AccessDenied", "needs s3:AbortMultipartUpload on x"),
        (.kms, "GenerateDataKey", "NotFoundException", "an alias is written alias/NAME"),
        (.s3, "GetObject", "NoSuchBucket", "Check that the bucket exists"),
        (.dynamoDB, "Query", "ExpiredTokenException", "credentials have expired"),
        (.dynamoDB, "Query", "UnrecognizedClientException", "Check AWS_ACCESS_KEY_ID"),
    ])
    func `common errors come with what to do`(service: Service, operation: String, code: String, advice: String) {
        var error = ServiceError(.init(rawValue: code), "m", service: service, operation: operation, resource: "x")

        error.advise(region: "us-east-1", url: "https://host/")

        #expect(error.description.contains(advice))
    }
}
