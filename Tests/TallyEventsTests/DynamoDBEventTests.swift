import TallyEvents
import TallyWire
import Testing

@Suite struct DynamoDBEventTests {
    private static let digits = "-1234567890123456789.0123456789012345678"
    private static let tiny = "1.2345678901234567890123456789012345678E-100"

    private static let json = #"""
        {"Records":[{"eventID":"1","eventName":"REMOVE","eventVersion":"1.1","eventSource":"aws:dynamodb",
         "awsRegion":"us-east-1","eventSourceARN":"arn:s",
         "userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},
         "dynamodb":{"ApproximateCreationDateTime":1479499740.125,"Keys":{"Id":{"N":"\#(digits)"}},
          "OldImage":{"s":{"S":"text"},"n":{"N":"\#(tiny)"},"b":{"B":"AAEC"},"e":{"B":""},
           "t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true},
           "ss":{"SS":["a","b"]},"ns":{"NS":["-1.50","\#(digits)"]},"bs":{"BS":["AA==","AQ=="]},
           "l":{"L":[{"S":"x"},{"L":[]},{"M":{}}]},"m":{"M":{"deep":{"M":{"n":{"N":"1.0"}}}}}},
          "SequenceNumber":"4421584500000000017450439091","SizeBytes":59,"StreamViewType":"OLD_IMAGE"}}]}
        """#

    @Test func `attributes of every type decode and encode back to the digit`() throws {
        let (original, again) = try recoded(DynamoDBEvent.self, Self.json)

        #expect(again == original)
    }

    @Test func `an image is an item with exact numbers`() throws {
        let change = try #require(try decoded(DynamoDBEvent.self, Self.json).records.first?.dynamodb)
        let digits = try #require(Number(Self.digits))
        let item: Item = [
            "s": .string("text"), "n": .number(try #require(Number(Self.tiny))), "b": .binary([0, 1, 2]),
            "e": .binary([]), "t": .bool(true), "f": .bool(false), "z": .null, "ss": .stringSet(["a", "b"]),
            "ns": .numberSet([try #require(Number("-1.5")), digits]), "bs": .binarySet([[0], [1]]),
            "l": .list([.string("x"), .list([]), .map([:])]), "m": .map(["deep": .map(["n": .number(1)])]),
        ]

        #expect(change.oldImage == item)
        #expect(change.newImage == nil)
        guard case .number(let key) = change.keys["Id"] else {
            Issue.record("the key is no number")
            return
        }
        #expect(key.text == Self.digits)
    }

    @Test func `a change tells its time and who made it`() throws {
        let record = try #require(try decoded(DynamoDBEvent.self, Self.json).records.first)

        #expect(record.eventName == .remove)
        #expect(record.dynamodb.creationTime == Timestamp(milliseconds: 1_479_499_740_125))
        #expect(record.userIdentity?.principalId == "dynamodb.amazonaws.com")
    }

    private func record(_ name: String, _ identity: String, arn: String = "arn:s") throws -> DynamoDBEvent.Record {
        try decoded(
            DynamoDBEvent.Record.self,
            #"{"eventID":"1","eventName":"\#(name)","eventSourceARN":"\#(arn)","userIdentity":\#(identity),"#
                + #""dynamodb":{"Keys":{},"SequenceNumber":"1"}}"#)
    }

    @Test func `a deletion for the time to live is told from one that somebody made`() throws {
        let service = #"{"type":"Service","principalId":"dynamodb.amazonaws.com"}"#

        #expect(try record("REMOVE", service).isTimeToLiveDeletion)
        #expect(try !record("REMOVE", "null").isTimeToLiveDeletion)
        #expect(try !record("MODIFY", service).isTimeToLiveDeletion)
        #expect(try !record("REMOVE", #"{"type":"Service","principalId":"replication"}"#).isTimeToLiveDeletion)
        #expect(try !record("REMOVE", #"{"principalId":"dynamodb.amazonaws.com"}"#).isTimeToLiveDeletion)
    }

    @Test(arguments: [
        ("arn:aws:dynamodb:us-east-1:123456789012:table/my-table/stream/2023-06-10T19:26:16.525", "my-table"),
        ("arn:aws-cn:dynamodb:cn-north-1:1:table/a.b_c/stream/x", "a.b_c"),
        ("arn:aws:dynamodb:us-east-1:1:table/t", nil), ("arn:aws:dynamodb:us-east-1:1:table//stream/x", nil),
        ("arn:aws:kinesis:us-east-1:1:table/t/stream/x", nil), ("arn:s", nil), ("", nil),
    ])
    func `a record tells its table`(arn: String, table: String?) throws {
        #expect(try record("INSERT", "null", arn: arn).tableName == table)
    }

    @Test(arguments: [
        #"{}"#, #"{"S":"a","N":"1"}"#, #"{"X":"a"}"#, #"{"N":"one"}"#, #"{"N":1}"#, #"{"B":"%"}"#, #"{"SS":[]}"#,
        #"{"SS":["a","a"]}"#, #"{"NS":["1","1.0"]}"#, #"{"NULL":false}"#,
        #"{"N":"123456789012345678901234567890123456789"}"#,
    ])
    func `what DynamoDB would not store does not decode`(_ json: String) {
        #expect(throws: (any Error).self) { try decoded(AttributeValue.self, json) }
    }

    @Test func `a value of an attribute is coded alike by reader and coder`() throws {
        let change = try #require(try decoded(DynamoDBEvent.self, Self.json).records.first?.dynamodb)
        let item = try #require(change.oldImage)
        var writer = JSONWriter()
        item.write(to: &writer)

        #expect(try jsonObject(JSONCoder().encode(item)) == jsonObject(writer.bytes))
        #expect(try JSONCoder().decode(Item.self, from: writer.bytes) == item)
    }

    @Test func `a tumbling window and its state decode and encode back`() throws {
        let json = #"""
            {"Records":[],"window":{"start":"2020-07-30T17:00:00Z","end":"2020-07-30T17:05:00Z"},
             "state":{"1":"state1","2":715},"shardId":"shard123456789","eventSourceARN":"stream-ARN",
             "isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false}
            """#
        let (original, again) = try recoded(DynamoDBEvent.self, json)

        #expect(again == original)
    }
}
