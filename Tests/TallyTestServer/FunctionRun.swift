/// An executable of this package under a scripted Runtime API, which ends with it.
package final class FunctionRun: ExecutableRun {
    /// Hands out its events.
    package let api: RuntimeAPI

    /// Starts an executable.
    ///
    /// - Parameters:
    ///   - product: The executable's name.
    ///   - handler: The value of `_HANDLER`.
    ///   - api: Hands out its events.
    ///   - environment: Further variables; an empty value removes one.
    /// - Throws: When it cannot be started.
    package init(
        _ product: String = "runtime-fixture", handler: String = "", _ api: RuntimeAPI,
        _ environment: [String: String] = [:]
    ) throws {
        self.api = api
        try super.init(product, handler: handler, at: api.address, environment)
    }

    deinit {
        kill()
        api.server.stop()
    }

    /// Waits until as many answers were posted.
    ///
    /// - Parameter count: How many.
    /// - Returns: What was posted.
    /// - Throws: ``Timeout`` after 20 s.
    package func posts(_ count: Int) async throws -> [RuntimeAPI.Post] {
        try await wait("\(count) posts") { self.api.postCount >= count }
        return api.posts
    }
}
