import TallyRuntime

extension LocalServer {
    /// A server on any port whose invocations have a day.
    static func start(_ change: (inout Settings) -> Void = { _ in }) throws -> LocalServer {
        var settings = Settings()
        settings.timeout = .seconds(86_400)
        change(&settings)
        return try LocalServer(settings)
    }
}

extension LocalServer {
    /// Returns once the server has acted on all that had arrived before.
    func flushed() async throws {
        // Its loop looks at each connection once a turn: two answers mean a whole turn between.
        let client = try RawClient(port)
        for _ in 0..<2 { _ = try await client.exchange("GET /") }
    }
}
