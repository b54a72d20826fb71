import TallyEvents
import TallyWire
import Testing

@Suite struct SQSEventTests {
    private static let json = #"""
        {"Records":[{"messageId":"11d6ee51-4cc7-4302-9e22-7cd8afdaadf5","receiptHandle":"AQEB","body":"Test message.",
         "attributes":{"ApproximateReceiveCount":"2","SentTimestamp":"1573251510774",
          "SequenceNumber":"18849496460467696128","MessageGroupId":"1","SenderId":"AIDA",
          "MessageDeduplicationId":"1","ApproximateFirstReceiveTimestamp":"1573251510775",
          "AWSTraceHeader":"Root=1-5759e988-bd862e3fe1be46a994272793","DeadLetterQueueSourceArn":"arn:aws:sqs:q"},
         "messageAttributes":{
          "n":{"stringValue":"100","stringListValues":[],"binaryListValues":[],"dataType":"Number"},
          "b":{"binaryValue":"aGk=","stringListValues":[],"binaryListValues":[],"dataType":"Binary"}},
         "md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","md5OfMessageAttributes":"00",
         "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-2:1:fifo.fifo","awsRegion":"us-east-2"}]}
        """#

    @Test func `a message of a FIFO queue decodes and encodes back`() throws {
        let (original, again) = try recoded(SQSEvent.self, Self.json)

        #expect(again == original)
    }

    @Test func `a message tells its group, its times and its attributes`() throws {
        let message = try #require(try decoded(SQSEvent.self, Self.json).records.first)

        #expect(message.attributes.messageGroupId == "1")
        #expect(message.attributes.sequenceNumber == "18849496460467696128")
        #expect(message.attributes.receiveCount == 2)
        #expect(message.attributes.sentTime == Timestamp(milliseconds: 1_573_251_510_774))
        #expect(message.attributes.firstReceiveTime == Timestamp(milliseconds: 1_573_251_510_775))
        #expect(message.messageAttributes?["b"]?.binaryBytes() == Array("hi".utf8))
        #expect(message.messageAttributes?["n"]?.binaryBytes() == nil)
    }

    @Test func `a time that is not told is not known`() throws {
        let json = #"{"Records":[{"messageId":"1","receiptHandle":"2","body":"","attributes":{}}]}"#
        let message = try #require(try decoded(SQSEvent.self, json).records.first)

        #expect(message.attributes.sentTime == nil)
        #expect(message.attributes.receiveCount == nil)
    }
}
