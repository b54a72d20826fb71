import Foundation
import TallyEvents
import TallyWire
import Testing

/// One of AWS's documents and the type that it is decoded as.
struct SampleEvent: Sendable, CustomTestStringConvertible {
    static let folder = URL(filePath: "\(#filePath)/../../../../shared/data/lambda-events").standardized
    static let areHere = FileManager.default.fileExists(atPath: folder.path)

    let name: String
    /// Members of the document that AWS does not document, which the type therefore has not.
    let undocumented: Set<String>
    let recode: @Sendable ([UInt8]) throws -> [UInt8]

    init<Event: Codable & SendableMetatype>(_ name: String, _ type: Event.Type, undocumented: Set<String> = []) {
        self.name = name
        self.undocumented = undocumented
        recode = { bytes in try JSONCoder().encode(JSONCoder().decode(type, from: bytes)) }
    }

    var testDescription: String { name }

    static let all = [
        SampleEvent("alb__request", ALBRequest.self),
        SampleEvent("apigateway__authorizer", APIGatewayTokenAuthorizerRequest.self),
        SampleEvent("apigateway__aws-proxy", APIGatewayRequest.self),
        SampleEvent("apigateway__http-api-proxy", APIGatewayV2Request.self),
        SampleEvent("apigateway__request-authorizer", APIGatewayAuthorizerRequest.self),
        SampleEvent("cloudwatch__scheduled-event", ScheduledEvent.self),
        SampleEvent("dynamodb__update", DynamoDBEvent.self),
        SampleEvent("kinesis__get-records", KinesisEvent.self),
        SampleEvent("kinesis__kinesis-firehose", FirehoseEvent.self),
        // A slip of the pen: the documentation has `deliveryStreamArn`.
        SampleEvent("kinesis__streams-as-source", FirehoseEvent.self, undocumented: ["deliverySteamArn"]),
        SampleEvent("rekognition__s3-request", S3Event.self),
        SampleEvent("s3__delete", S3Event.self),
        SampleEvent("s3__put", S3Event.self),
        SampleEvent("sns__notification", SNSEvent.self),
        SampleEvent("sqs__receive-message", SQSEvent.self),
    ]

    static func bytes(of name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: folder.appending(path: "\(name).json")))
    }
}

/// A JSON value without its nulls, which are as good as absent.
func withoutNulls(_ json: Any) -> Any {
    if let object = json as? [String: Any] {
        return object.filter { !($0.value is NSNull) }.mapValues(withoutNulls)
    }
    if let array = json as? [Any] { return array.map(withoutNulls) }
    return json
}

func jsonObject(_ bytes: [UInt8]) throws -> NSDictionary {
    let json = try JSONSerialization.jsonObject(with: Data(bytes))
    return try #require(withoutNulls(json) as? NSDictionary)
}

/// The bytes decoded as a type and encoded again, and the bytes themselves, in a form to compare.
func recoded(_ type: (some Codable).Type, _ json: String) throws -> (original: NSDictionary, recoded: NSDictionary) {
    let coder = JSONCoder()
    let again = try coder.encode(coder.decode(type, from: Array(json.utf8)))
    return (try jsonObject(Array(json.utf8)), try jsonObject(again))
}

func decoded<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONCoder().decode(type, from: Array(json.utf8))
}

func encodedText(_ value: some Encodable) throws -> String {
    String(decoding: try JSONCoder().encode(value), as: UTF8.self)
}
