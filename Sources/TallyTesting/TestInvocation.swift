import TallyHTTP
import TallyRuntime
import TallyWire

/// What an invocation in a test is told beside its event.
public struct TestInvocation: Sendable {
    /// The request's id, by which the result's logs are told apart: one of its own for each invocation.
    public var requestID = RequestID.random()
    /// The time that the invocation has; its handler is cancelled shortly before its end.
    public var timeout: Duration
    /// The function's ARN, as it was invoked.
    public var functionARN = "arn:aws:lambda:us-east-1:012345678912:function:test"
    /// The trace header.
    public var traceID: String?
    /// The tenant.
    public var tenantID: String?
    /// The JSON with which mobile applications describe themselves.
    public var clientContext: String?
    /// The JSON of the caller's Amazon Cognito identity.
    public var cognitoIdentity: String?
    /// What the Runtime API does with the answer; by default it takes it.
    public var fault: RuntimeAPIFault?

    /// Describes an invocation.
    ///
    /// - Parameter timeout: The time that it has, by default a minute.
    public init(timeout: Duration = .seconds(60)) {
        self.timeout = timeout
    }

    /// The headers of the Runtime API's `next`.
    var headers: Headers {
        let deadline = Timestamp.now().nanosecondsSinceEpoch / 1_000_000 + timeout.wholeMillisecondsRoundedUp
        var headers: Headers = [
            "Lambda-Runtime-Aws-Request-Id": requestID, "Lambda-Runtime-Deadline-Ms": "\(deadline)",
            "Lambda-Runtime-Invoked-Function-Arn": functionARN,
        ]
        let further = [
            "Lambda-Runtime-Trace-Id": traceID, "Lambda-Runtime-Aws-Tenant-Id": tenantID,
            "Lambda-Runtime-Client-Context": clientContext, "Lambda-Runtime-Cognito-Identity": cognitoIdentity,
        ]
        for (name, value) in further { if let value { headers.add(name, value) } }
        return headers
    }
}
