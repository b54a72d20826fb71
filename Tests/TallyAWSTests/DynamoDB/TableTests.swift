import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct TableTests {
    private func exchange<Output>(
        _ answer: String = "{}", _ call: (DynamoDB) async throws -> Output
    ) async throws -> (output: Output, request: Request) {
        let transport = ScriptedTransport(.status(200, answer))
        let output = try await call(DynamoDB(try .scripted(transport)))
        return (output, try #require(transport.requests.first))
    }

    @Test func `CreateTable sends keys, indexes, billing, stream, key and tags`() async throws {
        var input = DynamoDB.CreateTableInput(table: "t", keys: [.partition("pk"), .sort("n", .number)])
        input.globalIndexes = [
            IndexDefinition("by-title", keys: [.partition("title"), .sort("pk")], projection: .including(["a", "b"]))
        ]
        input.localIndexes = [
            IndexDefinition("by-age", keys: [.partition("pk"), .sort("age", .number)], projection: .keysOnly)
        ]
        input.billing = .onDemand(maximumRead: 10, maximumWrite: 5)
        input.stream = .newAndOldImages
        input.encryptionKey = "alias/t"
        input.isDeletionProtected = true
        input.isInfrequentAccess = true
        input.tags = ["team": "a"]

        let (_, request) = try await exchange { [input] in try await $0.createTable(input) }

        #expect(request.target == "DynamoDB_20120810.CreateTable")
        #expect(
            request.bodyText
                == #"{"TableName":"t","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},"#
                + #"{"AttributeName":"n","AttributeType":"N"},{"AttributeName":"title","AttributeType":"S"},"#
                + #"{"AttributeName":"age","AttributeType":"N"}],"#
                + #""KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"#
                + #""GlobalSecondaryIndexes":[{"IndexName":"by-title","KeySchema":[{"AttributeName":"title","#
                + #""KeyType":"HASH"},{"AttributeName":"pk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","#
                + #""NonKeyAttributes":["a","b"]},"OnDemandThroughput":{"MaxReadRequestUnits":10,"MaxWriteRequestUnits":5}}],"#
                + #""LocalSecondaryIndexes":[{"IndexName":"by-age","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},"#
                + #"{"AttributeName":"age","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],"#
                + #""BillingMode":"PAY_PER_REQUEST","OnDemandThroughput":{"MaxReadRequestUnits":10,"#
                + #""MaxWriteRequestUnits":5},"StreamSpecification":{"StreamEnabled":true,"#
                + #""StreamViewType":"NEW_AND_OLD_IMAGES"},"SSESpecification":{"Enabled":true,"SSEType":"KMS","#
                + #""KMSMasterKeyId":"alias/t"},"DeletionProtectionEnabled":true,"#
                + #""TableClass":"STANDARD_INFREQUENT_ACCESS","Tags":[{"Key":"team","Value":"a"}]}"#)
    }

    @Test func `a provisioned table reserves its units`() async throws {
        var input = DynamoDB.CreateTableInput(table: "t", keys: [.partition("pk", .binary)])
        input.billing = .provisioned(read: 2, write: 1)

        let (_, request) = try await exchange { [input] in try await $0.createTable(input) }

        #expect(
            request.bodyText.contains(
                #""BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":2,"WriteCapacityUnits":1}"#))
    }

    @Test func `an attribute of two types is never sent`() async throws {
        let transport = ScriptedTransport(.status(200))
        var input = DynamoDB.CreateTableInput(table: "t", keys: [.partition("pk")])
        input.globalIndexes = [IndexDefinition("i", keys: [.partition("pk", .number)])]

        let (dynamoDB, table) = (DynamoDB(try .scripted(transport)), input)
        let error = await #expect(throws: ServiceError.self) { try await dynamoDB.createTable(table) }

        #expect(error?.message == "the key attribute pk is S and N. Give it one type.")
        #expect(transport.requests.isEmpty)
    }

    @Test func `DescribeTable reads keys with their types, indexes, state and settings`() async throws {
        let answer =
            #"{"Table":{"TableName":"t","TableArn":"arn:t","TableStatus":"ACTIVE","ItemCount":3,"TableSizeBytes":120,"#
            + #""AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],"#
            + #""KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"#
            + #""GlobalSecondaryIndexes":[{"IndexName":"i","IndexStatus":"CREATING","Backfilling":true,"#
            + #""KeySchema":[{"AttributeName":"n","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},"ItemCount":0}],"#
            + #""ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0},"#
            + #""CreationDateTime":1.5E9,"LatestStreamArn":"arn:s","DeletionProtectionEnabled":true,"#
            + #""TableClassSummary":{"TableClass":"STANDARD"},"WarmThroughput":{"Status":"ACTIVE"},"Replicas":null}}"#

        let (table, request) = try await exchange(answer) { try await $0.describeTable("t") }

        #expect(request.bodyText == #"{"TableName":"t"}"#)
        #expect(table.name == "t" && table.arn == "arn:t" && table.status == .active)
        #expect(table.keys == [.partition("pk"), .sort("n", .number)])
        #expect(table.globalIndexes.map(\.name) == ["i"])
        #expect(table.globalIndexes.first?.keys == [.partition("n", .number)])
        #expect(table.globalIndexes.first?.status == .creating)
        #expect(table.globalIndexes.first?.isBackfilling == true)
        #expect(table.billing == .onDemand)
        #expect(table.itemCount == 3 && table.sizeBytes == 120)
        #expect(table.created == Timestamp(milliseconds: 1_500_000_000_000))
        #expect(table.streamARN == "arn:s" && table.isDeletionProtected && table.tableClass == "STANDARD")
    }

    @Test func `DeleteTable reads the description that it answers`() async throws {
        let (table, request) = try await exchange(#"{"TableDescription":{"TableName":"t","TableStatus":"DELETING"}}"#) {
            try await $0.deleteTable("t")
        }

        #expect(request.target == "DynamoDB_20120810.DeleteTable")
        #expect(table.status == .deleting)
    }

    @Test func `ListTables pages by name`() async throws {
        let (page, request) = try await exchange(#"{"TableNames":["b","c"],"LastEvaluatedTableName":"c"}"#) {
            try await $0.listTables(after: "a", limit: 2)
        }

        #expect(request.bodyText == #"{"ExclusiveStartTableName":"a","Limit":2}"#)
        #expect(page == DynamoDB.ListTablesOutput(tables: ["b", "c"], lastEvaluatedTable: "c"))
    }

    @Test func `expiry is turned on and off, and told`() async throws {
        let (_, on) = try await exchange { try await $0.updateTimeToLive(table: "t", attribute: "expires") }
        let (_, off) = try await exchange {
            try await $0.updateTimeToLive(table: "t", attribute: "expires", isEnabled: false)
        }
        let (ttl, request) = try await exchange(
            #"{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"expires"}}"#
        ) { try await $0.describeTimeToLive("t") }

        #expect(
            on.bodyText == #"{"TableName":"t","TimeToLiveSpecification":{"AttributeName":"expires","Enabled":true}}"#)
        #expect(off.bodyText.contains(#""Enabled":false"#))
        #expect(request.bodyText == #"{"TableName":"t"}"#)
        #expect(ttl.isEnabled && ttl.attribute == "expires")
    }

    // MARK: - Statements and updates

    @Test func `ExecuteStatement sends parameters and pages, and tells reads from writes`() async throws {
        let scope = MetricsScope()
        let answer =
            #"{"Items":[{"pk":{"S":"1"}}],"NextToken":"n2","ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}"#
        let (output, request) = try await exchange(answer) { dynamoDB in
            try await MetricsScope.$current.withValue(scope) {
                try await dynamoDB.executeStatement(
                    .init(
                        #" select * FROM "t" WHERE pk = ?"#, parameters: [.string("1")], consistentRead: true, limit: 5,
                        nextToken: "n1"), models: [.test])
            }
        }

        #expect(
            request.bodyText
                == #"{"Statement":" select * FROM \"t\" WHERE pk = ?","Parameters":[{"S":"1"}],"ConsistentRead":true,"#
                + #""Limit":5,"NextToken":"n1","ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(output.items.count == 1 && output.nextToken == "n2")
        let record = scope.last(for: .test)
        #expect(record?.readUnits == 0.5 && record?.writeUnits == nil)
        #expect(record?.resource == "t" && record?.itemCount == 1)
    }

    @Test func `a statement that writes is recorded as a write`() async throws {
        let scope = MetricsScope()
        _ = try await exchange(#"{"Items":[],"ConsumedCapacity":{"TableName":"t","CapacityUnits":1}}"#) { dynamoDB in
            try await MetricsScope.$current.withValue(scope) {
                try await dynamoDB.executeStatement(
                    .init(#"DELETE FROM "t" WHERE pk = 'a'"#, returnValuesOnConditionFailure: .allOld), models: [.test])
            }
        }

        #expect(scope.last(for: .test)?.writeUnits == 1)
    }

    @Test func `UpdateItem sends the update and returns what was asked for`() async throws {
        let (output, request) = try await exchange(
            #"{"Attributes":{"n":{"N":"2"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":1}}"#
        ) { dynamoDB in
            try await dynamoDB.updateItem(
                .init(
                    table: "t", key: WireItem(["pk": .string("1")]),
                    update: Expression("SET n = n + :one", values: [":one": .number(1)]),
                    condition: Expression("attribute_exists(pk)"), returnValues: .updatedNew,
                    returnValuesOnConditionFailure: .allOld))
        }

        #expect(
            request.bodyText
                == #"{"TableName":"t","Key":{"pk":{"S":"1"}},"UpdateExpression":"SET n = n + :one","#
                + #""ConditionExpression":"attribute_exists(pk)","ExpressionAttributeValues":{":one":{"N":"1"}},"#
                + #""ReturnValues":"UPDATED_NEW","ReturnValuesOnConditionCheckFailure":"ALL_OLD","#
                + #""ReturnConsumedCapacity":"TOTAL"}"#)
        #expect(try output.attributes?.item() == ["n": .number(2)])
        #expect(output.consumedCapacity?.units == 1)
    }
}
