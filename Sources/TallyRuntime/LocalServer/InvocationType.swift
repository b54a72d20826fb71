import TallyHTTP

/// Whether a caller waits for the answer, as `X-Amz-Invocation-Type` says.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax>
enum InvocationType: Sendable, Hashable {
    case requestResponse
    case event
    case dryRun
    case unknown(String)

    init(_ headers: Headers) {
        switch headers["X-Amz-Invocation-Type"] {
        case nil, "RequestResponse": self = .requestResponse
        case "Event": self = .event
        case "DryRun": self = .dryRun
        case let other?: self = .unknown(other)
        }
    }

    /// The most bytes of an event: 6,291,556 where the caller waits, 1 MiB where not.
    ///
    /// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
    var eventLimit: Int { self == .event ? 1 << 20 : Payload.maximumByteCount }
}
