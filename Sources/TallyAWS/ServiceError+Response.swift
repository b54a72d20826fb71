import TallyHTTP
import TallyMetrics
import TallyWire

extension ServiceError {
    /// Creates the error that a response tells, in JSON, XML or only by its status.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - call: The call that it answers.
    ///   - deserved: The status that the error deserves, where S3 told it under another.
    init(_ response: Response, to call: ServiceCall, status deserved: Int? = nil) {
        let body = ErrorBody(response.body)
        let named = response.headers["x-amzn-errortype"] ?? body.code
        let code = named.map(ErrorBody.bareCode) ?? Self.code(of: response.status, call)
        self = call.failure(
            Code(rawValue: code), body.message ?? ErrorBody.excerpt(of: response.body),
            retry: Self.retryReason(code: code, status: deserved ?? response.status, call)
        )
        status = response.status
        requestID = response.requestID ?? body.requestID
        bucketRegion = response.headers["x-amz-bucket-region"] ?? body.region
        item = body.item
        cancellationReasons = body.cancellationReasons
        throttlingReasons = body.throttlingReasons
        retryAfter = response.headers["x-amz-retry-after"]
        serverTime = response.headers["Date"].flatMap { Timestamp(httpDate: $0) }
    }

    /// The code of a response without a body: S3 answers HEAD, and 304, like that.
    private static func code(of status: Int, _ call: ServiceCall) -> String {
        guard call.service == .s3 else { return "HTTP\(status)" }
        return switch status {
        case 301, 307: "PermanentRedirect"
        case 304: Code.notModified.rawValue
        case 403: "AccessDenied"
        case 404: call.operation == "HeadBucket" ? Code.noSuchBucket.rawValue : Code.noSuchKey.rawValue
        case 412: Code.preconditionFailed.rawValue
        default: "HTTP\(status)"
        }
    }

    private static func retryReason(code: String, status: Int, _ call: ServiceCall) -> RetryPolicy.Reason? {
        // Two conditional writes met: the one that was told so may try again. A multipart upload has to begin anew
        // instead, which is the caller's to decide.
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        if code == "ConditionalRequestConflict", call.operation == "PutObject" { return .transient }
        if modelledAsRetryable.contains(.init(service: call.service, code: code)) { return .transient }
        return RetryPolicy.reason(code: code, status: status)
    }

    private struct ModelledError: Hashable {
        let service: Service
        let code: String
    }

    /// Errors that have the trait `retryable` in their service's model, and one that the SDKs treat as if it had.
    ///
    /// Source: <https://smithy.io/2.0/spec/behavior-traits.html#retryable-trait>
    private static let modelledAsRetryable: Set<ModelledError> = [
        ModelledError(service: .dynamoDB, code: "ReplicatedWriteConflictException"),
        ModelledError(service: .sts, code: "IDPCommunicationError"),
    ]
}
