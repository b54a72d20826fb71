import Foundation
import TallyEvents
import Testing

@Suite struct APIGatewayV2RequestTests {
    private static let sample = URL(
        filePath: "\(#filePath)/../../../../shared/data/lambda-events/apigateway__http-api-proxy.json"
    )
    .standardized

    @Test(.enabled(if: FileManager.default.fileExists(atPath: sample.path), "the shared sample events are not here"))
    func `AWS's sample decodes and encodes back without losing a documented member`() throws {
        let data = try Data(contentsOf: Self.sample)
        let request = try JSONDecoder().decode(APIGatewayV2Request.self, from: data)

        let original = try JSONSerialization.jsonObject(with: data) as? NSDictionary
        let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(request)) as? NSDictionary

        #expect(encoded == original)
        #expect(request.bodyBytes() == Array(#"{"test":"body"}"#.utf8))
    }

    @Test func `a body that is declared as base64 and is not has no bytes`() throws {
        let json =
            #"{"version":"2.0","rawPath":"/","requestContext":{"http":{"method":"GET","path":"/"}},"body":"%","isBase64Encoded":true}"#
        let request = try JSONDecoder().decode(APIGatewayV2Request.self, from: Data(json.utf8))

        #expect(request.bodyBytes() == nil)
    }

    @Test func `what AWS may omit may be absent`() throws {
        let json = #"{"version":"2.0","rawPath":"/a","requestContext":{"http":{"method":"GET","path":"/a"}}}"#
        let request = try JSONDecoder().decode(APIGatewayV2Request.self, from: Data(json.utf8))

        #expect(request.bodyBytes() == [])
        #expect(request.requestContext.http.method == "GET")
    }
}
