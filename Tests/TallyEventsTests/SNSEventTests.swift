import TallyEvents
import TallyWire
import Testing

@Suite struct SNSEventTests {
    @Test func `a message without subject and attributes decodes and tells its time`() throws {
        let json = #"""
            {"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"arn:s","Sns":{
             "Type":"Notification","MessageId":"1","TopicArn":"arn:t","Subject":null,"Message":"{\"a\":1}",
             "Timestamp":"2019-01-02T12:45:07.123Z","SignatureVersion":"1","Signature":"tcc6faL2yUC6dgZdmrwh1Y4c",
             "SigningCertUrl":"https://sns.us-east-2.amazonaws.com/SimpleNotificationService.pem",
             "UnsubscribeUrl":"https://sns.us-east-2.amazonaws.com/?Action=Unsubscribe"}}]}
            """#
        let message = try #require(try decoded(SNSEvent.self, json).records.first?.sns)
        let (original, again) = try recoded(SNSEvent.self, json)

        #expect(again == original)
        #expect(message.subject == nil)
        #expect(message.message == #"{"a":1}"#)
        #expect(message.publishTime == Timestamp(iso8601: "2019-01-02T12:45:07.123Z"))
    }
}
