import TallyEvents
import TallyWire
import Testing

@Suite struct FunctionURLRequestTests {
    private static let json = #"""
        {"version":"2.0","routeKey":"$default","rawPath":"/my/path","rawQueryString":"a=1&a=2",
         "cookies":["cookie1","cookie2"],"headers":{"header1":"value1","header2":"value1,value2"},
         "queryStringParameters":{"a":"1,2"},
         "requestContext":{"accountId":"123456789012","apiId":"urlid","authentication":null,
          "authorizer":{"iam":{"accessKey":"AKIA","accountId":"111122223333","callerId":"AIDA",
           "cognitoIdentity":null,"principalOrgId":null,"userArn":"arn:aws:iam::111122223333:user/me","userId":"AIDA"}},
          "domainName":"urlid.lambda-url.us-west-2.on.aws","domainPrefix":"urlid",
          "http":{"method":"POST","path":"/my/path","protocol":"HTTP/1.1","sourceIp":"123.123.123.123",
           "userAgent":"agent"},
          "requestId":"id","routeKey":"$default","stage":"$default","time":"12/Mar/2020:19:03:58 +0000",
          "timeEpoch":1583348638390},
         "body":"Hello from client!","pathParameters":null,"isBase64Encoded":false,"stageVariables":null}
        """#

    @Test func `a request to a function's URL decodes and encodes back`() throws {
        let (original, again) = try recoded(FunctionURLRequest.self, Self.json)

        #expect(again == original)
    }

    @Test func `the signer of a request is known`() throws {
        let request = try decoded(FunctionURLRequest.self, Self.json)

        #expect(request.requestContext.authorizer?.iam?.userArn == "arn:aws:iam::111122223333:user/me")
        #expect(request.requestContext.timestamp == Timestamp(milliseconds: 1_583_348_638_390))
        #expect(request.bodyBytes() == Array("Hello from client!".utf8))
    }
}
