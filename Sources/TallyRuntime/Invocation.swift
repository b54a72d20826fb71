import TallyHTTP
import TallyMetrics
import TallyWire

/// One event as the Runtime API hands it out.
struct Invocation: Sendable {
    let requestID: String
    let functionARN: String
    let deadline: Timestamp
    /// The deadline by the clock that only goes forward.
    let end: Moment
    let traceID: String?
    let tenantID: String?
    let event: [UInt8]
    /// What else was told of it.
    let headers: Headers

    /// Reads the answer of `GET next`.
    ///
    /// - Throws: ``RuntimeError`` when the answer does not name a request and its deadline.
    init(_ response: Response) throws(RuntimeError) {
        func header(_ name: String) -> String? {
            response.headers[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard response.status == 200, let requestID = header("Lambda-Runtime-Aws-Request-Id") else {
            throw RuntimeError(
                .invalidInvocation,
                "Runtime API next: status \(response.status) without a request id; nothing can be answered")
        }
        guard let milliseconds = header("Lambda-Runtime-Deadline-Ms").flatMap({ Int64($0) }) else {
            throw RuntimeError(
                .invalidInvocation, "Runtime API next: request \(requestID) has no deadline in milliseconds")
        }
        self.requestID = requestID
        functionARN = header("Lambda-Runtime-Invoked-Function-Arn") ?? ""
        deadline = Timestamp(milliseconds: milliseconds)
        end = InvocationInfo.moment(of: deadline)
        traceID = header("Lambda-Runtime-Trace-Id")
        tenantID = header("Lambda-Runtime-Aws-Tenant-Id")
        event = response.body
        headers = response.headers
    }
}
