import TallyHTTP
public import TallyMetrics
import TallyWire

extension ServiceClient {
    /// Calls an operation of any service that speaks AWS's JSON protocols.
    ///
    /// These are SQS, EventBridge, Secrets Manager, SSM, Step Functions and most of the newer services.
    /// The call is signed, retried and recorded as those of DynamoDB are. Messages to a queue, for instance:
    ///
    ///     struct SendMessage: Encodable { let QueueUrl, MessageBody: String }
    ///     struct Sent: Decodable { let MessageId: String }
    ///
    ///     let body = try JSONCoder().encode(SendMessage(QueueUrl: queue, MessageBody: "hello"))
    ///     let answer = try await client.call(service: .sqs, target: "AmazonSQS.SendMessage", body: body)
    ///     let sent = try JSONCoder().decode(Sent.self, from: answer)
    ///
    /// A call whose answer was lost is made again, as by every AWS SDK: what must not happen twice needs a token of
    /// the service's own, such as `MessageDeduplicationId`.
    ///
    /// - Parameters:
    ///   - service: The service, one of ``Service``'s or `Service(rawValue:)` with the name that its hosts begin with.
    ///   - target: The value of `X-Amz-Target`: the service's prefix and the operation, such as `AmazonSSM.GetParameter`.
    ///   - body: The operation's input as JSON.
    ///   - version: The protocol's version, `1.0` or `1.1`, as the service's API says; services take either.
    ///   - models: The models on whose behalf.
    /// - Returns: The operation's output as JSON.
    /// - Throws: ``ServiceError`` when the service refuses or retries run out.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>
    public func call(
        service: Service, target: String, body: [UInt8], version: String = "1.1", models: [ModelName] = []
    ) async throws(ServiceError) -> [UInt8] {
        let operation = String(target.split(separator: ".").last ?? "")
        let call = ServiceCall(
            service, operation, resource: nil, models: models,
            request: Request(
                .post, "\(endpoints.endpoint(for: service, in: region))/",
                headers: ["Content-Type": "application/x-amz-json-\(version)", "X-Amz-Target": target],
                body: .bytes(body)
            )
        )
        return try await send(call) { (response, _) throws(ServiceError) in response.body }
    }

    /// Calls an operation of a service that speaks AWS's query protocol, such as SNS or IAM.
    ///
    ///     let answer = try await client.call(
    ///         service: .sns, action: "Publish", version: "2010-03-31", parameters: ["TopicArn": topic, "Message": "hello"])
    ///
    /// - Parameters:
    ///   - service: The service, one of ``Service``'s or `Service(rawValue:)` with the name that its hosts begin with.
    ///   - action: The operation's name.
    ///   - version: The API's version, a date.
    ///   - parameters: The operation's input, with the names that lists and structures have in this protocol.
    ///   - models: The models on whose behalf.
    /// - Returns: The operation's output as XML.
    /// - Throws: ``ServiceError`` when the service refuses or retries run out.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
    public func call(
        service: Service, action: String, version: String, parameters: [String: String], models: [ModelName] = []
    ) async throws(ServiceError) -> [UInt8] {
        let fields = ["Action": action, "Version": version].merging(parameters) { $1 }.sorted { $0.key < $1.key }
        let form = PercentEncoding.encodeForm(fields.map { (name: $0.key, value: $0.value) })
        let call = ServiceCall(
            service, action, resource: nil, models: models,
            request: Request(
                .post, "\(endpoints.endpoint(for: service, in: region))/",
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
                body: .bytes(Array(form.utf8))
            )
        )
        return try await send(call) { (response, _) throws(ServiceError) in response.body }
    }
}
