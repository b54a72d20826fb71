import TallyEvents
import Testing

@Suite struct ALBRequestTests {
    private static let json = #"""
        {"requestContext":{"elb":{"targetGroupArn":"arn:tg"}},"httpMethod":"GET","path":"/",
         "multiValueQueryStringParameters":{"myKey":["val%201","val2"]},
         "multiValueHeaders":{"cookie":["name1=value1","name2=value2"],"host":["lambda-alb"]},
         "body":"","isBase64Encoded":false}
        """#

    @Test func `headers and parameters with several values decode and encode back`() throws {
        let request = try decoded(ALBRequest.self, Self.json)
        let (original, again) = try recoded(ALBRequest.self, Self.json)

        #expect(again == original)
        #expect(request.headers == nil)
        #expect(request.multiValueHeaders?["cookie"] == ["name1=value1", "name2=value2"])
        #expect(request.multiValueQueryStringParameters?["myKey"] == ["val%201", "val2"])
        #expect(request.bodyBytes() == [])
    }

    @Test func `a body that is declared as base64 and is not has no bytes`() throws {
        let json = Self.json.replacing(
            #""body":"","isBase64Encoded":false"#, with: #""body":"%","isBase64Encoded":true"#)

        #expect(try decoded(ALBRequest.self, json).bodyBytes() == nil)
    }

    @Test func `an answer encodes as the load balancer wants it`() throws {
        let response = ALBResponse(
            statusCode: 200, statusDescription: "200 OK", multiValueHeaders: ["set-cookie": ["a=1", "b=2"]],
            body: "hi", isBase64Encoded: false)

        #expect(
            try encodedText(response)
                == #"{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"set-cookie":["a=1","b=2"]},"body":"hi","isBase64Encoded":false}"#
        )
    }
}
