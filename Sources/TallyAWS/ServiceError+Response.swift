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
        let code = named.map(ErrorBody.bareCode) ?? "HTTP\(response.status)"
        self = call.failure(
            Code(rawValue: code), body.message ?? ErrorBody.excerpt(of: response.body),
            retry: Self.retryReason(code: code, status: deserved ?? response.status, call)
        )
        status = response.status
        requestID = response.requestID ?? body.requestID
        item = body.item
        cancellationReasons = body.cancellationReasons
        throttlingReasons = body.throttlingReasons
        retryAfter = response.headers["x-amz-retry-after"]
        serverTime = response.headers["Date"].flatMap { Timestamp(httpDate: $0) }
    }

    private static func retryReason(code: String, status: Int, _ call: ServiceCall) -> RetryPolicy.Reason? {
        // Two conditional writes met: the one that was told so may try again. A multipart upload has to begin anew
        // instead, which is the caller's to decide.
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        if code == "ConditionalRequestConflict", call.operation == "PutObject" { return .transient }
        return RetryPolicy.reason(code: code, status: status)
    }
}
