import TallyTestServer
import Testing

@Suite struct InvocationMiddlewareTests {
    private func answers(_ events: [String]) async throws -> [RuntimeAPI.Post] {
        let run = try FunctionRun(handler: "middleware", RuntimeAPI(events.map { .init(body: $0) }))
        return try await run.posts(events.count)
    }

    @Test func `middleware changes the event, answers in the function's place and calls it again`() async throws {
        let posts = try await answers([
            #"{"text":"a"}"#, #""mark""#, #"{"text":"a"}"#, #"{"text":"refuse once"}"#, #"{"text":"refuse"}"#,
            #"{"text":1}"#,
        ])

        #expect(posts[0].text == #"{"text":"a","count":1}"#)
        #expect(posts[1].text == #"{"text":"marked","count":2}"#)
        #expect(posts[2].text == posts[0].text)
        #expect(posts[3].text == #"{"text":"refuse once","count":4}"#)
        #expect(posts[4].path == "invocation/request-4/error")
        #expect(posts[4].json?["errorType"] as? String == "Refused")
        #expect(posts[5].json?["errorType"] as? String == "EventDecodingError")
    }
}
