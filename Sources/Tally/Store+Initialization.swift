extension Store {
    /// Creates the store of a function, in its init phase.
    ///
    /// Region, credentials and endpoints come from the environment that Lambda gives. Calls travel on the runtime's
    /// own loop. Every name that the models take from the environment is looked up now, so that a function that could
    /// not work does not start. Then connections to the services that the models use are opened, at the same time and
    /// within a second, which the first event does not wait for any more; that one fails is logged, not thrown.
    ///
    ///     init(_ start: Initialization) async throws {
    ///         store = try await Store(start, for: Document.self)
    ///     }
    ///
    /// - Parameters:
    ///   - start: What the runtime hands to the function.
    ///   - models: The models that the function uses.
    /// - Throws: `ConfigurationError` or ``ModelError`` that names the variable that is missing or wrong.
    public init<each Root: Model>(_ start: Initialization, for models: repeat (each Root).Type) async throws {
        self.init(try await ServiceClient(start))
        try check(repeat each models)
        await warmUp(repeat each models)
    }
}
