/// Waits for what another thread or process does.
package enum Waiting {
    /// Why a test gave up waiting.
    package struct Timeout: Error {
        let waitedFor: String
    }

    /// Waits until there is a value.
    ///
    /// - Parameters:
    ///   - what: What is waited for.
    ///   - value: Looks for it.
    /// - Returns: The value.
    /// - Throws: ``Timeout`` after 20 s and 1,000 looks.
    package static func value<Value>(_ what: String, _ value: () -> Value?) async throws -> Value {
        let limit = ContinuousClock.now + .seconds(20)
        var looks = 0
        while true {
            if let value = value() { return value }
            looks += 1
            // Time alone says little: among hundreds of tests a task may be let on but once in many seconds.
            guard looks < 1_000 || ContinuousClock.now < limit else { throw Timeout(waitedFor: what) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits until something is so.
    ///
    /// - Parameters:
    ///   - what: What is waited for.
    ///   - isDone: Whether it is so.
    /// - Throws: ``Timeout`` after 20 s and 1,000 looks.
    package static func until(_ what: String, _ isDone: () -> Bool) async throws {
        try await value(what) { isDone() ? () : nil }
    }
}
