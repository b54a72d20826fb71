/// Handles one event after another.
///
/// Events are decoded from JSON when `Event` is `Decodable`, and outputs encoded to JSON when `Output` is
/// `Encodable`. ``Payload`` as either stands for the bytes themselves, `Void` as output for JSON's `null`.
public protocol LambdaHandler: Sendable {
    /// What an invocation brings.
    associatedtype Event: Sendable
    /// What an invocation answers.
    associatedtype Output: Sendable

    /// Handles one event.
    ///
    /// - Parameters:
    ///   - event: The decoded event.
    ///   - context: What is known of this invocation.
    /// - Returns: The answer.
    /// - Throws: Anything; it is reported to Lambda under the name of its type, with its description as message.
    func handle(_ event: Event, _ context: Context) async throws -> Output

    /// Decodes the bytes of an event.
    ///
    /// - Parameter bytes: The event as Lambda delivered it.
    /// - Returns: The event.
    /// - Throws: ``EventDecodingError`` in the implementations that come with Tally.
    static func decode(_ bytes: [UInt8]) throws -> Event

    /// Encodes an output.
    ///
    /// - Parameter output: What ``handle(_:_:)`` returned.
    /// - Returns: The bytes to answer with.
    /// - Throws: Anything; it is reported as the invocation's error.
    static func encode(_ output: Output) throws -> Payload

    /// What stands around the handling of each event, the outermost first; nothing unless the handler says so.
    ///
    /// It is asked for at each event: what keeps a state is made once, and kept by the function.
    var middleware: [any InvocationMiddleware] { get }
}

extension LambdaHandler {
    /// Nothing around the handler.
    public var middleware: [any InvocationMiddleware] { [] }
}
