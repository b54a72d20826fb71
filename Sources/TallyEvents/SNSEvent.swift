public import TallyWire

/// Messages of an SNS topic.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
public struct SNSEvent: Codable, Sendable, Hashable {
    /// A message and the subscription that it came by.
    public struct Record: Codable, Sendable, Hashable {
        /// The service, `aws:sns`.
        public let eventSource: String?
        /// The form of the record, such as `1.0`.
        public let eventVersion: String?
        /// The subscription.
        public let eventSubscriptionArn: String?
        /// The message.
        public let sns: Message

        private enum CodingKeys: String, CodingKey {
            case eventSource = "EventSource"
            case eventVersion = "EventVersion"
            case eventSubscriptionArn = "EventSubscriptionArn"
            case sns = "Sns"
        }
    }

    /// A message.
    public struct Message: Codable, Sendable, Hashable {
        /// An attribute that the publisher gave the message.
        public struct Attribute: Codable, Sendable, Hashable {
            /// The type, such as `String`, `String.Array`, `Number` or `Binary`.
            public let type: String
            /// The value, base64 of bytes and JSON of an array.
            public let value: String

            private enum CodingKeys: String, CodingKey {
                case type = "Type"
                case value = "Value"
            }
        }

        /// The kind of message, `Notification`.
        public let type: String?
        /// The message's id.
        public let messageId: String
        /// The topic.
        public let topicArn: String
        /// The subject.
        public let subject: String?
        /// The content.
        public let message: String
        /// When the message was published, in ISO 8601.
        public let timestamp: String
        /// The form of the signature, `1` with SHA-1 and `2` with SHA-256.
        public let signatureVersion: String?
        /// The signature, as base64.
        public let signature: String?
        /// Where the certificate is that verifies the signature.
        public let signingCertUrl: String?
        /// What ends the subscription.
        public let unsubscribeUrl: String?
        /// The attributes that the publisher gave the message.
        public let messageAttributes: [String: Attribute]?

        private enum CodingKeys: String, CodingKey {
            case type = "Type"
            case messageId = "MessageId"
            case topicArn = "TopicArn"
            case subject = "Subject"
            case message = "Message"
            case timestamp = "Timestamp"
            case signatureVersion = "SignatureVersion"
            case signature = "Signature"
            case signingCertUrl = "SigningCertUrl"
            case unsubscribeUrl = "UnsubscribeUrl"
            case messageAttributes = "MessageAttributes"
        }

        /// When the message was published.
        public var publishTime: Timestamp? { Timestamp(iso8601: timestamp) }
    }

    /// The messages; Lambda is sent one at a time.
    public let records: [Record]

    private enum CodingKeys: String, CodingKey {
        case records = "Records"
    }
}
