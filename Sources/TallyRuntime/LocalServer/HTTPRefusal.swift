/// Why a request is answered with a status of failure before anybody has looked at what it asks for.
struct HTTPRefusal: Error, Sendable, Hashable {
    /// The answer's status.
    let status: Int
    /// Where it was, what was seen and what to do.
    let message: String

    /// A request that RFC 9112 does not allow.
    static func malformed(_ message: String) -> HTTPRefusal { HTTPRefusal(status: 400, message: message) }
}
