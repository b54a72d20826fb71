/// An error that says itself under which type it is reported, and where it happened.
///
/// Others are reported under the name of their Swift type. A type of one's own is what a state machine of Step
/// Functions names in `Retry` and `Catch`, and it stays the same when the Swift type is renamed:
///
///     struct OutOfStock: DiagnosableError {
///         var errorType: String { "OutOfStock" }
///     }
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
public protocol DiagnosableError: Error {
    /// The type, as the invocation's error and Step Functions name it; printable ASCII.
    var errorType: String { get }
    /// Where it happened, the innermost first; empty unless the error says so, since Swift's errors do not know.
    var stackTrace: [String] { get }
}

extension DiagnosableError {
    /// Nothing.
    public var stackTrace: [String] { [] }
}
