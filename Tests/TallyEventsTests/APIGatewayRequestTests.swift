import TallyEvents
import TallyWire
import Testing

@Suite struct APIGatewayRequestTests {
    private static let least = #"{"path":"/a","httpMethod":"GET","requestContext":{}}"#

    @Test func `what AWS may omit may be absent`() throws {
        let request = try decoded(APIGatewayRequest.self, Self.least)

        #expect(request.bodyBytes() == [])
        #expect(request.requestContext.timestamp == nil)
    }

    @Test func `nulls are as good as absent`() throws {
        let request = try decoded(
            APIGatewayRequest.self,
            #"""
            {"path":"/a","httpMethod":"GET","headers":null,"multiValueHeaders":null,"queryStringParameters":null,
             "pathParameters":null,"stageVariables":null,"body":null,"isBase64Encoded":false,"requestContext":{}}
            """#)

        #expect(request.headers == nil)
        #expect(request.bodyBytes() == [])
    }

    @Test func `a body is text or base64 as the gateway says`() throws {
        func request(_ body: String, _ isBase64Encoded: Bool) throws -> APIGatewayRequest {
            try decoded(
                APIGatewayRequest.self,
                """
                {"path":"/a","httpMethod":"POST","requestContext":{},"body":"\(body)",
                 "isBase64Encoded":\(isBase64Encoded)}
                """)
        }

        #expect(try request("aGk=", false).bodyBytes() == Array("aGk=".utf8))
        #expect(try request("aGk=", true).bodyBytes() == Array("hi".utf8))
        #expect(try request("%", true).bodyBytes() == nil)
    }

    @Test func `what an authorizer answered keeps its types`() throws {
        let json = #"""
            {"path":"/a","httpMethod":"GET","requestContext":{"requestTimeEpoch":1583348638390,"authorizer":
             {"principalId":"me","integrationLatency":503,"admin":true,"claims":{"sub":"1"}}}}
            """#
        let context = try decoded(APIGatewayRequest.self, json).requestContext

        #expect(context.authorizer?["principalId"] == .string("me"))
        #expect(context.authorizer?["integrationLatency"]?.int == 503)
        #expect(context.authorizer?["admin"] == .bool(true))
        #expect(context.authorizer?["claims"]?["sub"]?.string == "1")
        #expect(context.timestamp == Timestamp(milliseconds: 1_583_348_638_390))
        let (original, again) = try recoded(APIGatewayRequest.self, json)
        #expect(again == original)
    }

    @Test func `a request of an HTTP API in payload format 1 decodes and encodes back`() throws {
        let json = #"""
            {"version":"1.0","resource":"/my/path","path":"/my/path","httpMethod":"GET",
             "headers":{"header1":"value1","header2":"value2"},
             "multiValueHeaders":{"header1":["value1"],"header2":["value1","value2"]},
             "queryStringParameters":{"a":"2"},"multiValueQueryStringParameters":{"a":["1","2"]},
             "requestContext":{"accountId":"123456789012","apiId":"id","authorizer":{"claims":null,"scopes":null},
              "domainName":"id.execute-api","domainPrefix":"id","extendedRequestId":"request-id","httpMethod":"GET",
              "identity":{"accessKey":null,"sourceIp":"192.0.2.1","userAgent":"agent","user":null},
              "path":"/my/path","protocol":"HTTP/1.1","requestId":"id=","requestTime":"04/Mar/2020:19:15:17 +0000",
              "requestTimeEpoch":1583349317135,"resourceId":null,"resourcePath":"/my/path","stage":"$default"},
             "pathParameters":null,"stageVariables":null,"body":"Hello from Lambda!","isBase64Encoded":false}
            """#
        let request = try decoded(APIGatewayRequest.self, json)
        let (original, again) = try recoded(APIGatewayRequest.self, json)

        #expect(again == original)
        #expect(request.multiValueHeaders?["header2"] == ["value1", "value2"])
        #expect(request.requestContext.timestamp == Timestamp(iso8601: "2020-03-04T19:15:17.135Z"))
    }

    @Test func `an answer encodes as the gateway wants it`() throws {
        let response = APIGatewayResponse(
            statusCode: 200, headers: ["a": "b"], multiValueHeaders: ["c": ["d", "e"]], body: "aGk=",
            isBase64Encoded: true)

        #expect(
            try encodedText(response)
                == #"{"statusCode":200,"headers":{"a":"b"},"multiValueHeaders":{"c":["d","e"]},"body":"aGk=","isBase64Encoded":true}"#
        )
        #expect(try encodedText(APIGatewayResponse(statusCode: 204)) == #"{"statusCode":204}"#)
    }
}
