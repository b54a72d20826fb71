import TallyEvents
import TallyWire
import Testing

@Suite struct S3EventTests {
    private func event(key: String, extra: String = "") -> String {
        #"""
        {"Records":[{"eventVersion":"2.3","eventSource":"aws:s3","awsRegion":"us-west-2",
         "eventTime":"1970-01-01T00:00:01.000Z","eventName":"ObjectRestore:Completed",
         "userIdentity":{"principalId":"AIDA"},"requestParameters":{"sourceIPAddress":"127.0.0.1"},
         "responseElements":{"x-amz-request-id":"C3","x-amz-id-2":"FM"},
         "s3":{"s3SchemaVersion":"1.0","configurationId":"test","bucket":{"name":"b",
          "ownerIdentity":{"principalId":"A3"},"arn":"arn:aws:s3:::b"},
          "object":{"key":"\#(key)","size":1024,"eTag":"d4","versionId":"096f","sequencer":"0055"}}\#(extra)}]}
        """#
    }

    @Test func `a key decodes as S3 encoded it`() throws {
        func key(_ encoded: String) throws -> String? {
            try decoded(S3Event.self, event(key: encoded)).records.first?.s3.object.decodedKey
        }

        #expect(try key("a/b+c%2Bd%C3%A4") == "a/b c+d\u{E4}")
        #expect(try key("%ZZ") == nil)
    }

    @Test func `what belongs to single kinds of events decodes and encodes back`() throws {
        let json = event(
            key: "k",
            extra: #"""
                ,"glacierEventData":{"restoreEventData":{
                  "lifecycleRestorationExpiryTime":"1970-01-01T00:00:00.000Z",
                  "lifecycleRestoreStorageClass":"GLACIER"}},
                 "replicationEventData":{"replicationRuleId":"r","destinationBucket":"arn:aws:s3:::c",
                  "s3Operation":"OBJECT_REPLICATION","requestTime":"2019-05-22T20:27:28.123Z",
                  "failureReason":"AssumeRoleNotPermitted","threshold":"15","replicationTime":"3"},
                 "intelligentTieringEventData":{"destinationAccessTier":"ARCHIVE"},
                 "lifecycleEventData":{"transitionEventData":{"destinationStorageClass":"GLACIER"}}
                """#)
        let (original, again) = try recoded(S3Event.self, json)

        #expect(again == original)
    }

    @Test func `an event tells its time and what it is`() throws {
        let record = try #require(try decoded(S3Event.self, event(key: "k")).records.first)

        #expect(record.timestamp == Timestamp(milliseconds: 1000))
        #expect(record.eventName == S3Event.EventName(rawValue: "ObjectRestore:Completed"))
        #expect(!record.eventName.isCreation)
        #expect(S3Event.EventName.objectCreatedCopy.isCreation)
        #expect(S3Event.EventName.objectRemovedDeleteMarkerCreated.isRemoval)
    }
}
