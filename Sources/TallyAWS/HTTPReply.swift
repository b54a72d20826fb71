import TallyHTTP

/// What every kind of response tells before its body.
protocol HTTPReply {
    var status: Int { get }
    var headers: Headers { get }
    var trip: Trip { get }
}

extension HTTPReply {
    /// The service's id of the request: JSON services and S3 name it differently.
    var requestID: String? { headers["x-amzn-requestid"] ?? headers["x-amz-request-id"] }
}

extension Response: HTTPReply {}
extension StreamedResponse: HTTPReply {}
