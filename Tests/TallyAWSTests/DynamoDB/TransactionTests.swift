import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct TransactionTests {
    private let clock = FixedClock()
    private let key = WireItem(["pk": .string("1")])
    private let keyJSON = #"{"pk":{"S":"1"}}"#

    private func dynamoDB(_ transport: ScriptedTransport) throws -> DynamoDB {
        DynamoDB(try .scripted(transport, clock: clock))
    }

    @Test func `TransactWriteItems sends each action in its own form`() async throws {
        let transport = ScriptedTransport(
            .status(
                200, #"{"ConsumedCapacity":[{"TableName":"a","CapacityUnits":4},{"TableName":"b","CapacityUnits":2}]}"#)
        )

        let (record, _) = try await recorded {
            let output = try await dynamoDB(transport).transactWriteItems(
                [
                    .put(.init(table: "a", item: key, condition: Expression("attribute_not_exists(pk)"))),
                    .update(
                        .init(
                            table: "a", key: key,
                            update: Expression("ADD #c :one", names: ["#c": "count"], values: [":one": .number(1)]),
                            returnValuesOnConditionFailure: .allOld)),
                    .delete(.init(table: "b", key: key)),
                    .check(table: "b", key: key, condition: Expression("x = :x", values: [":x": .bool(true)])),
                ], clientRequestToken: "token-1", models: [.test])
            #expect(output.consumedCapacity.map(\.table) == ["a", "b"])
        }

        #expect(
            transport.requests.first?.bodyText
                == #"{"TransactItems":[{"Put":{"TableName":"a","Item":\#(keyJSON),"#
                + #""ConditionExpression":"attribute_not_exists(pk)"}},"#
                + ##"{"Update":{"TableName":"a","Key":\##(keyJSON),"UpdateExpression":"ADD #c :one","##
                + ##""ExpressionAttributeNames":{"#c":"count"},"ExpressionAttributeValues":{":one":{"N":"1"}},"##
                + #""ReturnValuesOnConditionCheckFailure":"ALL_OLD"}},"#
                + #"{"Delete":{"TableName":"b","Key":\#(keyJSON)}},"#
                + #"{"ConditionCheck":{"TableName":"b","Key":\#(keyJSON),"ConditionExpression":"x = :x","#
                + #""ExpressionAttributeValues":{":x":{"BOOL":true}}}}],"#
                + #""ClientRequestToken":"token-1","ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(record?.writeUnits == 6)
        #expect(record?.itemCount == 4)
    }

    @Test func `one token goes with every attempt of a call, another with the next call`() async throws {
        let transport = ScriptedTransport(.broken(.connectionLost), .unavailable, .status(200))
        let dynamoDB = try dynamoDB(transport)

        try await dynamoDB.transactWriteItems([.delete(.init(table: "t", key: key))])
        try await dynamoDB.transactWriteItems([.delete(.init(table: "t", key: key))])

        let bodies = transport.requests.map(\.bodyText)
        #expect(bodies.count == 4)
        #expect(Set(bodies.prefix(3)).count == 1)
        #expect(bodies[3] != bodies[0])
    }

    @Test(arguments: [0, 101])
    func `a transaction of a size that DynamoDB refuses is never sent`(count: Int) async throws {
        let transport = ScriptedTransport(.status(200))

        let error = await #expect(throws: ServiceError.self) {
            try await dynamoDB(transport).transactWriteItems(
                Array(repeating: .delete(.init(table: "t", key: key)), count: count))
        }

        #expect(error?.message == "one request takes 1 to 100 actions, this one has \(count).")
        #expect(transport.requests.isEmpty)
    }

    @Test func `a transaction that is cancelled is not tried again, and tells a reason for each action`() async throws {
        let transport = ScriptedTransport(
            .status(
                400,
                #"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","#
                    + #""Message":"Transaction cancelled, please refer cancellation reasons for specific reasons","#
                    + #""CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","#
                    + #""Item":{"pk":{"S":"1"},"n":{"N":"7"}},"Message":"The conditional request failed"}]}"#))

        let (record, _) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                try await dynamoDB(transport).transactWriteItems(
                    [.delete(.init(table: "t", key: key)), .put(.init(table: "t", item: key))], models: [.test])
            }
            #expect(error?.code == .transactionCanceled)
            #expect(error?.cancellationReasons.map(\.code) == [nil, "ConditionalCheckFailed"])
            #expect(error?.cancellationReasons.last?.message == "The conditional request failed")
            let item = try #require(error?.cancellationReasons.last?.item).item()
            #expect(item == ["pk": .string("1"), "n": .number(7)])
            #expect(error?.isConditionalFailure == true)
        }

        #expect(transport.requests.count == 1)
        #expect(record?.outcome == .conditionalFailure)
    }

    @Test func `a conflict with another transaction is an error, even beside a condition that failed`() async throws {
        let transport = ScriptedTransport(
            .status(
                400,
                #"{"__type":"TransactionCanceledException","CancellationReasons":"#
                    + #"[{"Code":"ConditionalCheckFailed"},{"Code":"TransactionConflict","Message":"ongoing"}]}"#))

        let error = await #expect(throws: ServiceError.self) {
            try await dynamoDB(transport).transactWriteItems([.delete(.init(table: "t", key: key))])
        }

        #expect(error?.isConditionalFailure == false)
        #expect(transport.requests.count == 1)
    }

    @Test func `a transaction with the same token that is under way is waited for`() async throws {
        let transport = ScriptedTransport(
            .status(400, #"{"__type":"TransactionInProgressException"}"#), .status(200))

        try await dynamoDB(transport).transactWriteItems([.delete(.init(table: "t", key: key))])

        #expect(clock.sleeps == [.seconds(1)])
    }

    @Test func `TransactGetItems returns an item or nil for each read, in order`() async throws {
        let transport = ScriptedTransport(
            .status(
                200,
                #"{"Responses":[{"Item":\#(keyJSON)},{},{"Item":null}],"ConsumedCapacity":[{"CapacityUnits":6}]}"#))

        let (record, _) = try await recorded {
            let output = try await dynamoDB(transport).transactGetItems(
                [
                    .init(table: "t", key: key, projection: Expression("pk")), .init(table: "t", key: key),
                    .init(table: "t", key: key),
                ], models: [.test])
            let items = try output.items.map { try $0?.item() }
            #expect(items == [["pk": .string("1")], nil, nil])
        }

        #expect(
            transport.requests.first?.bodyText
                == #"{"TransactItems":[{"Get":{"TableName":"t","Key":\#(keyJSON),"ProjectionExpression":"pk"}},"#
                + #"{"Get":{"TableName":"t","Key":\#(keyJSON)}},{"Get":{"TableName":"t","Key":\#(keyJSON)}}],"#
                + #""ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(record?.readUnits == 6)
        #expect(record?.itemCount == 1)
    }
}
