import TallyTestServer
import Testing

@Suite struct FunctionChoiceTests {
    @Test(arguments: ["several.throws", "several.dotted"])
    func `the function is the one that the handler names, whole or after its last dot`(handler: String) async throws {
        let run = try FunctionRun(handler: handler, RuntimeAPI([.init()]))

        #expect(try await run.posts(1).first?.json?["text"] as? String == "fine")
    }

    @Test(arguments: ["several.none", "several"])
    func `a handler that names none is an error of init that tells those there are`(handler: String) async throws {
        let run = try FunctionRun(handler: handler, RuntimeAPI([.init()]))

        #expect(try await run.end() == 1)
        #expect(run.api.posts.map(\.path) == ["init/error"])
        let message = run.api.posts.first?.json?["errorMessage"] as? String
        #expect(
            message
                == "_HANDLER: '\(handler)' names none of this executable's functions. Set the function's handler to one of "
                + "several.dotted, tasks, throws")
    }
}
