import TallyRuntime
import TallyWire

/// Answers with what it knows of its invocation.
struct ContextFunction: LambdaFunction {
    struct Report: Encodable, Sendable {
        var functionARN: String
        var name: String?
        var version: String?
        var memoryMegabytes: Int?
        var logGroup: String?
        var logStream: String?
        var initializationType: String?
        var event: JSONValue
        var byteCount: Int
        var installation: String?
        var custom: JSONValue?
        var identity: String?
        var pool: String?
        var tenant: String?
        var seconds: Int
        var secondsByInstant: Int
    }

    init(_ start: Initialization) {}

    func handle(_ payload: Payload, _ context: Context) throws -> Payload {
        let report = Report(
            functionARN: context.functionARN, name: context.function.name, version: context.function.version,
            memoryMegabytes: context.function.memoryMegabytes, logGroup: context.function.logGroup,
            logStream: context.function.logStream, initializationType: context.function.initializationType?.rawValue,
            event: try context.event.json(), byteCount: context.event.bytes.count,
            installation: context.clientContext?.client?.installationID, custom: context.clientContext?.custom?["k"],
            identity: context.cognitoIdentity?.identityID, pool: context.cognitoIdentity?.identityPoolID,
            tenant: context.tenantID, seconds: Int(context.remainingTime.components.seconds),
            secondsByInstant: Int((context.deadlineInstant - .now).components.seconds))
        let contentType = report.event["contentType"]?.string ?? "application/vnd.report+json"
        return Payload(try JSONCoder().encode(report), contentType: contentType)
    }
}
