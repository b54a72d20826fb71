import TallyEvents
import TallyWire
import Testing

@Suite struct FirehoseEventTests {
    private static let json = #"""
        {"invocationId":"i","deliveryStreamArn":"arn:d","sourceKinesisStreamArn":"arn:k","region":"us-east-1","records":[
         {"recordId":"1","approximateArrivalTimestamp":1495072949453,"data":"aGk="}]}
        """#

    @Test func `a batch decodes and encodes back`() throws {
        let record = try #require(try decoded(FirehoseEvent.self, Self.json).records.first)
        let (original, again) = try recoded(FirehoseEvent.self, Self.json)

        #expect(again == original)
        #expect(record.data == Array("hi".utf8))
        #expect(record.arrivalTime == Timestamp(milliseconds: 1_495_072_949_453))
    }

    @Test func `an answer encodes as Firehose wants it`() throws {
        let response = FirehoseResponse(records: [
            .init(recordId: "1", bytes: Array("hi".utf8), metadata: .init(partitionKeys: ["year": "2026"])),
            .init(recordId: "2", result: .dropped),
        ])

        #expect(
            try encodedText(response)
                == #"{"records":[{"recordId":"1","result":"Ok","data":"aGk=","metadata":{"partitionKeys":{"year":"2026"}}},{"recordId":"2","result":"Dropped"}]}"#
        )
    }
}
