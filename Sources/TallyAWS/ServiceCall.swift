package import TallyHTTP
package import TallyMetrics

/// One call before it is signed: what to send, and how it is accounted for.
package struct ServiceCall: Sendable {
    package var service: Service
    package var operation: String
    package var resource: String?
    package var index: String?
    /// The one item that the call is for, where there is one.
    package var itemKey: ItemKey?
    /// What errors name; `nil` for the resource.
    package var subject: String?
    package var models: [ModelName]
    package var request: Request
    package var payload: Signer.Payload
    /// Bytes of content that the request carries, for the accounts; a body that only says what to do counts 0.
    package var contentLength: Int
    /// Whether what is received is content.
    package var receivesContent = false

    package init(
        _ service: Service, _ operation: String, resource: String?, index: String? = nil, models: [ModelName],
        request: Request, payload: Signer.Payload = .hash, contentLength: Int = 0
    ) {
        self.service = service
        self.operation = operation
        self.resource = resource
        self.index = index
        self.models = models
        self.request = request
        self.payload = payload
        self.contentLength = contentLength
    }

    /// Whether the service holds the call open until there is work, so that whoever makes it makes it in a loop.
    var isLongPoll: Bool { Self.longPolls.contains(operation) }

    // Of SQS, Step Functions and SWF; no other service has operations of these names.
    private static let longPolls: Set<String> = [
        "ReceiveMessage", "GetActivityTask", "PollForActivityTask", "PollForDecisionTask",
    ]

    /// What stands for the item's key in metrics.
    var keyHash: String? {
        guard let itemKey, let resource else { return nil }
        return itemKey.hash(in: resource)
    }

    /// An error of this call.
    func failure(
        _ code: ServiceError.Code, _ message: String, retry: RetryPolicy.Reason? = nil
    ) -> ServiceError {
        ServiceError(
            code, message, service: service, operation: operation, resource: subject ?? resource, retryReason: retry
        )
    }
}
