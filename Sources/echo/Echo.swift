import TallyRuntime

/// Answers with the bytes of the event.
@main
struct Echo: LambdaFunction {
    init(_ start: Initialization) {}

    func handle(_ event: Payload, _ context: Context) -> Payload {
        event
    }
}
