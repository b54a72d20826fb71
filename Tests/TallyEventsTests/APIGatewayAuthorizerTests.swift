import TallyEvents
import TallyWire
import Testing

@Suite struct APIGatewayAuthorizerTests {
    @Test func `a policy encodes in the form of IAM`() throws {
        let response = APIGatewayAuthorizerResponse(
            principalId: "user",
            policyDocument: .init(statement: [.init(effect: .deny, resource: ["arn:aws:execute-api:r:1:a/s/GET/"])]),
            context: ["number": .number("123")], usageIdentifierKey: "key")

        #expect(
            try encodedText(response)
                == #"{"principalId":"user","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Deny","Resource":"arn:aws:execute-api:r:1:a/s/GET/"}]},"context":{"number":123},"usageIdentifierKey":"key"}"#
        )
    }

    @Test func `several resources of a rule are an array`() throws {
        let rule = APIGatewayAuthorizerResponse.Statement(effect: .allow, resource: ["a", "b"])

        #expect(
            try encodedText(rule) == #"{"Action":"execute-api:Invoke","Effect":"Allow","Resource":["a","b"]}"#)
        #expect(try decoded(APIGatewayAuthorizerResponse.Statement.self, try encodedText(rule)) == rule)
    }

    @Test func `a policy decodes as it was encoded`() throws {
        let json = #"""
            {"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[
             {"Action":"execute-api:Invoke","Effect":"Allow","Resource":["a","b"]}]},"context":{"s":"t","b":true}}
            """#
        let (original, again) = try recoded(APIGatewayAuthorizerResponse.self, json)

        #expect(again == original)
    }

    @Test func `a simple answer is a Boolean and a context`() throws {
        let plain = APIGatewayV2AuthorizerResponse(isAuthorized: false)
        let rich = APIGatewayV2AuthorizerResponse(
            isAuthorized: true, context: ["map": .object(["a": .array([.bool(true), .null])])])

        #expect(try encodedText(plain) == #"{"isAuthorized":false}"#)
        #expect(try encodedText(rich) == #"{"isAuthorized":true,"context":{"map":{"a":[true,null]}}}"#)
    }

    @Test func `the question of an HTTP API decodes and encodes back`() throws {
        let json = #"""
            {"version":"2.0","type":"REQUEST",
             "routeArn":"arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/request",
             "identitySource":["user1","123"],"routeKey":"$default","rawPath":"/my/path",
             "rawQueryString":"parameter1=value1","cookies":["cookie1"],"headers":{"header1":"value1"},
             "queryStringParameters":{"parameter1":"value1"},
             "requestContext":{"accountId":"123456789012","apiId":"api-id","domainName":"id.execute-api",
              "domainPrefix":"id","http":{"method":"POST","path":"/my/path","protocol":"HTTP/1.1",
              "sourceIp":"IP","userAgent":"agent"},"requestId":"id","routeKey":"$default","stage":"$default",
              "time":"12/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},
             "pathParameters":{"parameter1":"value1"},"stageVariables":{"stageVariable1":"value1"}}
            """#
        let (original, again) = try recoded(APIGatewayV2AuthorizerRequest.self, json)

        #expect(again == original)
    }

    @Test func `what a Lambda authorizer told the integration keeps its types`() throws {
        let json = #"""
            {"version":"2.0","rawPath":"/","requestContext":{"http":{"method":"GET","path":"/"},
             "authorizer":{"lambda":{"number":1.50,"list":["a"],"flag":true}}}}
            """#
        let context = try decoded(APIGatewayV2Request.self, json).requestContext.authorizer?.lambda

        #expect(context?["number"] == .number("1.50"))
        #expect(context?["list"]?[0]?.string == "a")
        #expect(context?["flag"]?.bool == true)
    }
}
