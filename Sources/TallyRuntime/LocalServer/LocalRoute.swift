/// What a path of the local server stands for.
///
/// Sources: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>,
/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>
enum LocalRoute: Sendable, Hashable {
    /// A caller's event.
    case invoke
    /// The function asks for an event.
    case next
    /// The function answers the invocation of an id.
    case response(String)
    /// The function tells that the invocation of an id failed.
    case error(String)
    /// The function tells that it cannot start.
    case initError
    /// An extension inside the function makes itself known.
    case register
    /// An extension asks for an event, of which there is none here.
    case extensionEvent

    /// Finds what a path stands for; `nil` when that is nothing.
    ///
    /// - Parameter path: The path without the query.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        switch (parts.first, parts.count) {
        case ("invoke", 1): self = .invoke
        case ("2015-03-31", 4) where parts[1] == "functions" && !parts[2].isEmpty && parts[3] == "invocations":
            self = .invoke
        case ("2018-06-01", _) where parts.dropFirst() == ["runtime", "invocation", "next"]: self = .next
        case ("2018-06-01", _) where parts.dropFirst() == ["runtime", "init", "error"]: self = .initError
        case ("2018-06-01", 5) where parts[1...2] == ["runtime", "invocation"] && !parts[3].isEmpty:
            switch parts[4] {
            case "response": self = .response(parts[3])
            case "error": self = .error(parts[3])
            default: return nil
            }
        case ("2020-01-01", _) where parts.dropFirst() == ["extension", "register"]: self = .register
        case ("2020-01-01", _) where parts.dropFirst() == ["extension", "event", "next"]: self = .extensionEvent
        default: return nil
        }
    }

    /// The one method that is allowed.
    var method: String {
        switch self {
        case .next, .extensionEvent: "GET"
        case .invoke, .response, .error, .initError, .register: "POST"
        }
    }
}
