import TallyEvents
import TallyWire
import Testing

@Suite struct KinesisEventTests {
    private func event(data: String) -> String {
        #"""
        {"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1",
         "sequenceNumber":"49590338271490256608559692538361571095921575989136588898","data":"\#(data)",
         "approximateArrivalTimestamp":1545084650.987,"encryptionType":"NONE"},"eventSource":"aws:kinesis",
         "eventVersion":"1.0","eventID":"shardId-000000000006:1","eventName":"aws:kinesis:record",
         "invokeIdentityArn":"arn:r","awsRegion":"us-east-2","eventSourceARN":"arn:s"}],
         "window":{"start":"2020-12-09T07:04:00Z","end":"2020-12-09T07:06:00Z"},"state":{"1":282},
         "shardId":"shardId-000000000006","eventSourceARN":"arn:s","isFinalInvokeForWindow":true,
         "isWindowTerminatedEarly":false}
        """#
    }

    @Test func `a record's data are bytes`() throws {
        let record = try #require(try decoded(KinesisEvent.self, event(data: "AP8Q")).records.first)

        #expect(record.kinesis.data == [0, 255, 16])
        #expect(record.kinesis.arrivalTime == Timestamp(milliseconds: 1_545_084_650_987))
    }

    @Test func `a batch with a window decodes and encodes back`() throws {
        let (original, again) = try recoded(KinesisEvent.self, event(data: "AP8Q"))

        #expect(again == original)
    }

    @Test func `data that are not base64 do not decode`() throws {
        let error = #expect(throws: JSONDecodingError.self) { try decoded(KinesisEvent.self, event(data: "%")) }

        #expect(error?.path == "Records[0].kinesis.data")
        #expect(error?.found == "a string that is not base64")
    }
}
