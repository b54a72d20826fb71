public import TallyMetrics

/// A Lambda function: created once, then asked to handle one event after another.
///
///     import TallyRuntime
///
///     @main
///     struct Greeter: LambdaFunction {
///         struct Person: Decodable { let name: String }
///         struct Greeting: Encodable { let text: String }
///
///         init(_ start: Initialization) {}
///
///         func handle(_ event: Person, _ context: Context) -> Greeting {
///             Greeting(text: "Hello \(event.name)")
///         }
///     }
public protocol LambdaFunction: LambdaHandler {
    /// Creates the function in Lambda's init phase, before the first event.
    ///
    /// What is checked and connected here costs no invocation. An error is reported to Lambda as the reason why the
    /// function cannot start.
    ///
    /// - Parameter start: What is known at the start.
    /// - Throws: Anything; it ends the process after it was reported.
    init(_ start: Initialization) async throws

    /// Changes what metrics are made with, once and before ``init(_:)``; does nothing unless the function says so.
    ///
    ///     static func configure(_ metrics: inout MetricsConfiguration) {
    ///         metrics.prices.transferClass = .nat
    ///     }
    ///
    /// - Parameter metrics: What the environment says.
    /// - Throws: Anything; it ends the process after it was reported.
    static func configure(_ metrics: inout MetricsConfiguration) throws
}

extension LambdaFunction {
    /// Leaves metrics as the environment says.
    ///
    /// - Parameter metrics: What the environment says.
    public static func configure(_ metrics: inout MetricsConfiguration) {}

    /// Runs the function until Lambda ends the process.
    ///
    /// `@main` on the conforming type calls it.
    public static func main() {
        LambdaRuntime.run(Self.self)
    }
}
