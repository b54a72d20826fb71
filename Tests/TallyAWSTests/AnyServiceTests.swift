import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

@Suite struct AnyServiceTests {
    private let clock = FixedClock()

    private func client(_ transport: ScriptedTransport) throws -> ServiceClient {
        try .scripted(transport, clock: clock, overrides: [:])
    }

    @Test func `a JSON operation is signed for its service and recorded under its name`() async throws {
        let transport = ScriptedTransport(.status(200, #"{"MessageId":"m-1"}"#, ["x-amzn-requestid": "A1"]))

        let (record, snapshot) = try await recorded {
            let answer = try await client(transport).call(
                service: .sqs, target: "AmazonSQS.SendMessage", body: Array(#"{"MessageBody":"hello"}"#.utf8),
                version: "1.0", models: [.test])
            #expect(String(decoding: answer, as: UTF8.self) == #"{"MessageId":"m-1"}"#)
        }

        let request = try #require(transport.requests.first)
        #expect(request.url == "https://sqs.us-east-1.amazonaws.com/")
        #expect(request.target == "AmazonSQS.SendMessage")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.0")
        #expect(request.bodyText == #"{"MessageBody":"hello"}"#)
        #expect(request.headers["Authorization"]?.contains("/us-east-1/sqs/aws4_request") == true)
        #expect(record?.operation == "SendMessage")
        #expect(record?.service == .sqs)
        #expect(record?.requestID == "A1")
        #expect(snapshot.awsWaitTime >= .zero)
    }

    @Test func `it is retried as any other call, and its error is typed`() async throws {
        let transport = ScriptedTransport(
            .unavailable, .status(400, #"{"__type":"com.amazonaws.ssm#ParameterNotFound","message":"no"}"#))

        let error = await #expect(throws: ServiceError.self) {
            try await client(transport).call(service: .ssm, target: "AmazonSSM.GetParameter", body: Array("{}".utf8))
        }

        #expect(error?.code.rawValue == "ParameterNotFound")
        #expect(error?.attempts == 2)
        #expect(
            error?.description
                == "SSM GetParameter: ParameterNotFound: no (status 400, 2 attempts in 50 ms).")
    }

    @Test func `a query operation is a form, and its errors are XML`() async throws {
        let transport = ScriptedTransport(
            .status(
                404,
                "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message>"
                    + "</Error><RequestId>A1</RequestId></ErrorResponse>"))

        let error = await #expect(throws: ServiceError.self) {
            try await client(transport).call(
                service: .sns, action: "Publish", version: "2010-03-31",
                parameters: ["TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": "a b&c"])
        }

        let request = try #require(transport.requests.first)
        #expect(
            request.bodyText
                == "Action=Publish&Message=a%20b%26c&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A1%3At&Version=2010-03-31")
        #expect(request.headers["Authorization"]?.contains("/us-east-1/sns/aws4_request") == true)
        #expect(error?.code.rawValue == "NotFound")
        #expect(error?.message == "Topic does not exist")
        #expect(error?.requestID == "A1")
    }
}
