import TallyRuntime

/// Greets a person by name and guesses an age.
@main
struct Hello: LambdaFunction {
    struct Person: Decodable {
        let name: String
        let age: Int
    }

    struct Greeting: Encodable {
        let greetings: String
    }

    init(_ start: Initialization) {}

    func handle(_ event: Person, _ context: Context) -> Greeting {
        Greeting(greetings: "Hello \(event.name). You look \(event.age > 30 ? "younger" : "older") than your age.")
    }
}
