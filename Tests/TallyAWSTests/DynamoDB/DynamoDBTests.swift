import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

struct DynamoDBTests {
    private let key = WireItem(["pk": .string("DOC#1"), "sk": .string("v1")])
    private let keyJSON = #"{"pk":{"S":"DOC#1"},"sk":{"S":"v1"}}"#

    /// Makes a call against one answer, and returns the request sent and the record made.
    private func exchange(
        _ body: String = "{}", level: MetricsLevel = .summary, _ call: (DynamoDB) async throws -> Void
    ) async throws -> (request: Request, record: CallRecord?) {
        let transport = ScriptedTransport(.status(200, body, ["x-amzn-RequestId": "R1"]))
        let client = try ServiceClient.scripted(transport)
        let scope = MetricsScope(level: level)
        try await MetricsScope.$current.withValue(scope) { try await call(DynamoDB(client)) }
        return (try #require(transport.requests.first), scope.last(for: .test))
    }

    @Test func `GetItem sends table, key and projection and reads the item`() async throws {
        let response = #"{"ConsumedCapacity":{"CapacityUnits":0.5,"TableName":"t"},"Item":{"n":{"N":"1"}},"New":[{}]}"#

        let (request, record) = try await exchange(response) { dynamoDB in
            let output = try await dynamoDB.getItem(
                .init(
                    table: "t", key: key, consistentRead: true,
                    projection: Expression("#a, n", names: ["#a": "title"])
                ),
                models: [.test]
            )
            #expect(try output.item?.item() == ["n": .number(Number(1))])
            #expect(output.consumedCapacity == ConsumedCapacity(table: "t", units: 0.5))
        }

        #expect(request.method == .post)
        #expect(request.url == "http://127.0.0.1:4566/")
        #expect(request.target == "DynamoDB_20120810.GetItem")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.0")
        #expect(
            request.bodyText == #"{"TableName":"t","Key":\#(keyJSON),"ConsistentRead":true,"#
                + ##""ProjectionExpression":"#a, n","ExpressionAttributeNames":{"#a":"title"},"##
                + #""ReturnConsumedCapacity":"TOTAL"}"#
        )
        #expect(record?.readUnits == 0.5)
        #expect(record?.writeUnits == nil)
        #expect(record?.itemCount == 1)
        #expect(record?.requestID == "R1")
        #expect(record?.resource == "t")
    }

    @Test func `the table of a capacity is the one that the response names`() async throws {
        let names = [
            "t": "t", "u": "u", "tt": "tt", " t": " t", "t ": "t ", #"\u0074"#: "t", "": "",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t": "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
        ]
        for (written, name) in names {
            for members in [
                #""TableName":"\#(written)","CapacityUnits":1.5"#, #""CapacityUnits":1.5,"TableName":"\#(written)""#,
            ] {
                _ = try await exchange(#"{"ConsumedCapacity":{\#(members)},"Item":{"n":{"N":"1"}}}"#) { dynamoDB in
                    let output = try await dynamoDB.getItem(.init(table: "t", key: key), models: [.test])
                    #expect(output.consumedCapacity == ConsumedCapacity(table: name, units: 1.5))
                    #expect(output.item != nil)
                }
            }
        }
    }

    @Test func `an absent item is nil`() async throws {
        let (_, record) = try await exchange(#"{"ConsumedCapacity":null}"#) { dynamoDB in
            let output = try await dynamoDB.getItem(.init(table: "t", key: key), models: [.test])
            #expect(output.item == nil && output.consumedCapacity == nil)
        }

        #expect(record?.readUnits == nil)
        #expect(record?.itemCount == 0)
    }

    @Test func `PutItem sends item, condition and what to return`() async throws {
        let response = #"{"Attributes":{"old":{"BOOL":true}},"ConsumedCapacity":{"CapacityUnits":2}}"#

        let (request, record) = try await exchange(response) { dynamoDB in
            let output = try await dynamoDB.putItem(
                .init(
                    table: "t", item: key,
                    condition: Expression(
                        "#v = :v", names: ["#v": "version"], values: [":v": .number(Number(3))]
                    ),
                    returnValues: .allOld, returnValuesOnConditionFailure: .allOld
                ),
                models: [.test]
            )
            #expect(try output.oldItem?.item() == ["old": .bool(true)])
        }

        #expect(request.target == "DynamoDB_20120810.PutItem")
        #expect(
            request.bodyText == ##"{"TableName":"t","Item":\##(keyJSON),"ConditionExpression":"#v = :v","##
                + ##""ExpressionAttributeNames":{"#v":"version"},"ExpressionAttributeValues":{":v":{"N":"3"}},"##
                + #""ReturnValues":"ALL_OLD","ReturnValuesOnConditionCheckFailure":"ALL_OLD","#
                + #""ReturnConsumedCapacity":"TOTAL"}"#
        )
        #expect(record?.writeUnits == 2)
        #expect(record?.readUnits == nil)
        #expect(record?.itemCount == nil)
    }

    @Test func `DeleteItem sends the key alone`() async throws {
        let (request, _) = try await exchange { dynamoDB in
            let output = try await dynamoDB.deleteItem(.init(table: "t", key: key))
            #expect(output.oldItem == nil)
        }

        #expect(request.target == "DynamoDB_20120810.DeleteItem")
        #expect(request.bodyText == #"{"TableName":"t","Key":\#(keyJSON),"ReturnConsumedCapacity":"TOTAL"}"#)
    }

    @Test func `Query sends its expressions with one set of placeholders and reads a page`() async throws {
        let response =
            #"{"Count":2,"Items":[{"a":{"S":"{}]\""}},{"a":{"S":"y"}}],"ScannedCount":5,"LastEvaluatedKey":\#(keyJSON)}"#

        let (request, record) = try await exchange(response) { dynamoDB in
            let page = try await dynamoDB.query(
                .init(
                    table: "t", index: "by-title",
                    keyCondition: Expression("#t = :t", names: ["#t": "title"], values: [":t": .string("x")]),
                    filter: Expression("#t <> :u", names: ["#t": "title"], values: [":u": .string("y")]),
                    scansForward: false, limit: 2, exclusiveStartKey: key
                ),
                models: [.test]
            )
            #expect(try page.items.map { try $0.item() } == [["a": .string("{}]\"")], ["a": .string("y")]])
            #expect(page.count == 2 && page.scannedCount == 5)
            #expect(page.lastEvaluatedKey.map { String(decoding: $0.bytes, as: UTF8.self) } == keyJSON)
        }

        #expect(
            request.bodyText == ##"{"TableName":"t","IndexName":"by-title","KeyConditionExpression":"#t = :t","##
                + ##""FilterExpression":"#t <> :u","ExpressionAttributeNames":{"#t":"title"},"##
                + #""ExpressionAttributeValues":{":t":{"S":"x"},":u":{"S":"y"}},"ScanIndexForward":false,"Limit":2,"#
                + #""ExclusiveStartKey":\#(keyJSON),"ReturnConsumedCapacity":"TOTAL"}"#
        )
        #expect(record?.index == "by-title")
        #expect(record?.itemCount == 2)
        #expect(record?.scannedCount == 5)
    }

    @Test func `Scan sends its segment, and an empty page may have a next one`() async throws {
        let (request, _) = try await exchange(#"{"Items":[],"Count":0,"ScannedCount":9,"LastEvaluatedKey":{}}"#) {
            let page = try await $0.scan(.init(table: "t", segment: .init(1, of: 4)))
            #expect(page.items.isEmpty && page.lastEvaluatedKey != nil)
        }

        #expect(
            request.bodyText
                == #"{"TableName":"t","Segment":1,"TotalSegments":4,"ReturnConsumedCapacity":"TOTAL"}"#
        )
    }

    @Test func `a placeholder that means two things is refused before anything is sent`() async throws {
        let transport = ScriptedTransport(.status(200))
        let dynamoDB = DynamoDB(try .scripted(transport))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await dynamoDB.query(
                .init(
                    table: "t", keyCondition: Expression("a = :x", values: [":x": .string("one")]),
                    filter: Expression("b = :x", values: [":x": .string("two")])
                )
            )
        }

        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains(":x") == true)
        #expect(error?.description.contains("two expressions") == true)
        #expect(transport.requests.isEmpty)
    }

    private static let details: [(MetricsLevel, String?)] = [
        (.none, nil), (.summary, "TOTAL"), (.detailed, "INDEXES"),
    ]

    @Test(arguments: details)
    func `capacity is asked for as the level wants it`(level: MetricsLevel, detail: String?) async throws {
        let (request, _) = try await exchange(level: level) { _ = try await $0.scan(.init(table: "t")) }

        let object = try JSONSerialization.jsonObject(with: Data(request.body.bytes ?? [])) as? [String: Any]
        #expect(object?["ReturnConsumedCapacity"] as? String == detail)
    }

    @Test func `the capacity of indexes is read`() async throws {
        let response =
            #"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":3.0,"Table":{"CapacityUnits":1.0},"#
            + #""GlobalSecondaryIndexes":{"by-title":{"CapacityUnits":2.0}}}}"#

        _ = try await exchange(response) { dynamoDB in
            let output = try await dynamoDB.putItem(.init(table: "t", item: key))
            #expect(output.consumedCapacity == ConsumedCapacity(table: "t", units: 3, indexes: ["by-title": 2]))
        }
    }

    @Test func `a failed condition is no error in the figures`() async throws {
        let transport = ScriptedTransport(.status(400, #"{"__type":"x#ConditionalCheckFailedException"}"#))

        let (record, snapshot) = try await recorded {
            await #expect(throws: ServiceError.self) {
                _ = try await DynamoDB(try .scripted(transport)).putItem(.init(table: "t", item: key), models: [.test])
            }
        }

        #expect(record?.outcome == .conditionalFailure)
        #expect(snapshot.conditionalFailures == 1)
        #expect(snapshot.dynamoDBErrors == 0)
    }

    @Test(arguments: ["", "[]", #"{"Item":"#, #"{"Count":"x"}"#, "<html>", "{} {}"])
    func `a success that is no answer of DynamoDB's is retried, then told`(body: String) async throws {
        let transport = ScriptedTransport(.status(200, body))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await DynamoDB(try .scripted(transport)).scan(.init(table: "t"))
        }

        #expect(error?.code == .invalidResponse)
        #expect(transport.requests.count == 4)
    }

    @Test func `an item survives the way through the wire form`() throws {
        let item: Item = ["a": .list([.null, .binary([0, 255])]), "b": .map(["\"": .stringSet(["x", "y"])])]

        #expect(try WireItem(item).item() == item)
        #expect(throws: JSONError.self) { try WireItem(bytes: Array("{} x".utf8)).item() }
    }
}
