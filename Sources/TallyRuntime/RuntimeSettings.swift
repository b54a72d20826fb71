/// What the environment says of how the process takes its events and ends.
struct RuntimeSettings: Sendable {
    /// How many events are handled at once: `AWS_LAMBDA_MAX_CONCURRENCY`, which Lambda sets on managed instances; 1
    /// without it.
    let concurrency: Int
    /// Whether SIGTERM is asked for: `TALLY_SHUTDOWN`, `on` (default) or `off`.
    let awaitsShutdown: Bool

    /// Reads the settings.
    ///
    /// - Throws: ``RuntimeError`` that names a variable whose value cannot be used.
    init(environment variable: (String) -> String?) throws {
        concurrency = try Self.concurrency(variable)
        switch variable("TALLY_SHUTDOWN") {
        case nil, "on": awaitsShutdown = true
        case "off": awaitsShutdown = false
        case let other?:
            throw RuntimeError(.invalidSetting, "TALLY_SHUTDOWN: '\(other)'. Set it to on or off, or leave it out")
        }
    }

    private static func concurrency(_ variable: (String) -> String?) throws -> Int {
        guard let text = variable("AWS_LAMBDA_MAX_CONCURRENCY") else { return 1 }
        guard let number = Int(text), number > 0 else {
            throw RuntimeError(
                .invalidSetting,
                "AWS_LAMBDA_MAX_CONCURRENCY: '\(text)' is no positive number. Lambda sets it on managed instances; "
                    + "leave it out elsewhere")
        }
        return number
    }
}
