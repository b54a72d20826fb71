import Foundation
import TallyTestServer
import Testing

@Suite struct ContextTests {
    @Test func `a context has all that Lambda tells, and the event as it came`() async throws {
        let client = #"{"client":{"installation_id":"i-1","app_title":"t"},"custom":{"k":[1]},"env":{"make":"m"}}"#
        let event = RuntimeAPI.Event(
            body: #"{ "a" : 1.50 }"#,
            headers: [
                "Lambda-Runtime-Client-Context": client,
                "Lambda-Runtime-Cognito-Identity": #"{"cognitoIdentityId":"id-1","cognitoIdentityPoolId":"pool-1"}"#,
                "Lambda-Runtime-Aws-Tenant-Id": "tenant-1",
            ], milliseconds: 86_400_000)
        let run = try FunctionRun(
            handler: "context", RuntimeAPI([event]),
            [
                "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_VERSION": "7",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
                "AWS_LAMBDA_LOG_STREAM_NAME": "stream", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            ])

        let post = try #require(try await run.posts(1).first)

        #expect(post.header("Content-Type") == "application/vnd.report+json")
        let report = try #require(post.json)
        #expect(report["functionARN"] as? String == "arn:aws:lambda:us-east-1:012345678912:function:f")
        #expect(report["name"] as? String == "f")
        #expect(report["version"] as? String == "7")
        #expect(report["memoryMegabytes"] as? Int == 512)
        #expect(report["logGroup"] as? String == "/aws/lambda/f")
        #expect(report["logStream"] as? String == "stream")
        #expect(report["initializationType"] as? String == "on-demand")
        #expect(post.text.contains(#""event":{"a":1.50},"byteCount":14"#))
        #expect(report["installation"] as? String == "i-1")
        #expect(report["custom"] as? [Int] == [1])
        #expect(report["identity"] as? String == "id-1")
        #expect(report["pool"] as? String == "pool-1")
        #expect(report["tenant"] as? String == "tenant-1")
        // Of the day that the event has.
        #expect((80_000..<86_400).contains(report["seconds"] as? Int ?? 0))
        #expect((80_000..<86_400).contains(report["secondsByInstant"] as? Int ?? 0))
    }

    @Test(arguments: ["", #"text/plain\r\nX: y"#, "é"])
    func `a content type that no header can carry is an error of that invocation alone`(type: String) async throws {
        let run = try FunctionRun(
            handler: "context", RuntimeAPI([.init(body: #"{"contentType":"\#(type)"}"#), .init()]))

        let posts = try await run.posts(2)

        #expect(posts.map(\.path) == ["invocation/request-0/error", "invocation/request-1/response"])
        #expect((posts[0].json?["errorMessage"] as? String)?.contains("content type") == true)
        #expect(run.metrics.map { $0["outcome"] as? String } == ["error", "success"])
    }

    @Test func `what a caller tells of itself that nobody understands is nil, and no failure`() async throws {
        let event = RuntimeAPI.Event(
            body: "[]",
            headers: ["Lambda-Runtime-Client-Context": "{", "Lambda-Runtime-Cognito-Identity": #"{"other":1}"#])
        let run = try FunctionRun(handler: "context", RuntimeAPI([event]))

        let report = try #require(try await run.posts(1).first?.json)

        #expect(report["installation"] == nil)
        #expect(report["identity"] == nil)
        #expect(report["event"] as? [Int] == [])
        #expect(report["memoryMegabytes"] == nil)
        #expect(report["version"] == nil)
    }
}
