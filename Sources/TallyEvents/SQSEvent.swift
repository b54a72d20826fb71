public import TallyWire

/// Messages of an SQS queue.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>
public struct SQSEvent: Codable, Sendable, Hashable {
    /// A message.
    public struct Record: Codable, Sendable, Hashable {
        /// What SQS knows of a message.
        public struct Attributes: Codable, Sendable, Hashable {
            /// How often the message was received, as text of a number.
            public let approximateReceiveCount: String?
            /// When the message was sent, as text of milliseconds since the epoch.
            public let sentTimestamp: String?
            /// Who sent the message.
            public let senderId: String?
            /// When the message was first received, as text of milliseconds since the epoch.
            public let approximateFirstReceiveTimestamp: String?
            /// The message's place in its group, with FIFO queues.
            public let sequenceNumber: String?
            /// The message's group, whose order is kept, with FIFO queues.
            public let messageGroupId: String?
            /// What tells the message from its duplicates, with FIFO queues.
            public let messageDeduplicationId: String?
            /// The header of X-Ray that the message was sent with.
            public let awsTraceHeader: String?
            /// The queue that gave the message up, with dead-letter queues.
            public let deadLetterQueueSourceArn: String?

            private enum CodingKeys: String, CodingKey {
                case approximateReceiveCount = "ApproximateReceiveCount"
                case sentTimestamp = "SentTimestamp"
                case senderId = "SenderId"
                case approximateFirstReceiveTimestamp = "ApproximateFirstReceiveTimestamp"
                case sequenceNumber = "SequenceNumber"
                case messageGroupId = "MessageGroupId"
                case messageDeduplicationId = "MessageDeduplicationId"
                case awsTraceHeader = "AWSTraceHeader"
                case deadLetterQueueSourceArn = "DeadLetterQueueSourceArn"
            }

            /// When the message was sent.
            public var sentTime: Timestamp? { Self.time(sentTimestamp) }
            /// When the message was first received.
            public var firstReceiveTime: Timestamp? { Self.time(approximateFirstReceiveTimestamp) }
            /// How often the message was received, this time included.
            public var receiveCount: Int? { approximateReceiveCount.flatMap { Int($0) } }

            private static func time(_ milliseconds: String?) -> Timestamp? {
                milliseconds.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
            }
        }

        /// An attribute that the sender gave the message.
        public struct MessageAttribute: Codable, Sendable, Hashable {
            /// The value of a text or number.
            public let stringValue: String?
            /// The value of bytes, as base64.
            public let binaryValue: String?
            /// Not used by SQS.
            public let stringListValues: [String]?
            /// Not used by SQS.
            public let binaryListValues: [String]?
            /// The type, such as `String`, `Number` or `Binary`, and the sender's own type after a point.
            public let dataType: String

            /// The value as bytes.
            ///
            /// - Returns: The bytes; `nil` when there are none or they are not base64.
            public func binaryBytes() -> [UInt8]? {
                binaryValue.flatMap { Base64.decode($0) }
            }
        }

        /// The message's id.
        public let messageId: String
        /// What deletes the message, or changes how long it is hidden.
        public let receiptHandle: String
        /// The content.
        public let body: String
        /// What SQS knows of the message.
        public let attributes: Attributes
        /// The attributes that the sender gave the message.
        public let messageAttributes: [String: MessageAttribute]?
        /// MD5 of ``body`` in hexadecimal.
        public let md5OfBody: String?
        /// MD5 of ``messageAttributes`` in hexadecimal.
        public let md5OfMessageAttributes: String?
        /// The service, `aws:sqs`.
        public let eventSource: String?
        /// The queue.
        public let eventSourceARN: String?
        /// The queue's region.
        public let awsRegion: String?
    }

    /// The messages.
    public let records: [Record]

    private enum CodingKeys: String, CodingKey {
        case records = "Records"
    }
}
