import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    @Suite struct DynamoDBTests {
        private let client: ServiceClient
        private let pk = "DOC#\(UserAgent.callID())"

        init() throws {
            client = try LocalServers.client()
        }

        private func key(_ sk: String) -> Item { ["pk": .string(pk), "sk": .string(sk)] }

        @Test func `items are put, got, queried, scanned and deleted`() async throws {
            let dynamoDB = DynamoDB(client)
            let items = (1...3).map { key("v\($0)").merging(["title": .string(pk), "n": .number(Number($0))]) { $1 } }

            let (_, snapshot) = try await recorded {
                for item in items {
                    _ = try await dynamoDB.putItem(.init(table: LocalServers.table, item: WireItem(item)))
                }
                let got = try await dynamoDB.getItem(
                    .init(table: LocalServers.table, key: WireItem(key("v2")), consistentRead: true)
                )
                #expect(try got.item?.item() == items[1])

                let onPartition = Expression("pk = :pk", values: [":pk": .string(pk)])
                let first = try await dynamoDB.query(
                    .init(table: LocalServers.table, keyCondition: onPartition, scansForward: false, limit: 2)
                )
                #expect(try first.items.map { try $0.item() } == [items[2], items[1]])
                let second = try await dynamoDB.query(
                    .init(
                        table: LocalServers.table, keyCondition: onPartition, scansForward: false,
                        exclusiveStartKey: first.lastEvaluatedKey
                    )
                )
                #expect(try second.items.map { try $0.item() } == [items[0]])
                #expect(second.lastEvaluatedKey == nil)

                let byTitle = try await dynamoDB.query(
                    .init(
                        table: LocalServers.table, index: "by-title",
                        keyCondition: Expression("#t = :t", names: ["#t": "title"], values: [":t": .string(pk)])
                    )
                )
                #expect(byTitle.count == 3)

                let scanned = try await dynamoDB.scan(.init(table: LocalServers.table, filter: onPartition))
                #expect(scanned.count == 3 && scanned.scannedCount >= 3)

                let deleted = try await dynamoDB.deleteItem(
                    .init(table: LocalServers.table, key: WireItem(key("v1")), returnValues: .allOld)
                )
                #expect(try deleted.oldItem?.item() == items[0])
            }

            #expect(snapshot.operationCount == 9)
            #expect(snapshot.dynamoDBAttempts == 9)
            #expect((snapshot.readUnits ?? 0) > 0 && (snapshot.writeUnits ?? 0) >= 4)
        }

        @Test func `a condition that fails returns the item that won`() async throws {
            let dynamoDB = DynamoDB(client)
            let item = WireItem(key("v1"))
            let absent = Expression("attribute_not_exists(pk)")
            _ = try await dynamoDB.putItem(.init(table: LocalServers.table, item: item, condition: absent))

            let error = await #expect(throws: ServiceError.self) {
                _ = try await dynamoDB.putItem(
                    .init(
                        table: LocalServers.table, item: item, condition: absent,
                        returnValuesOnConditionFailure: .allOld
                    )
                )
            }

            #expect(error?.isConditionalFailure == true)
            #expect(try error?.item?.item() == key("v1"))
        }

        @Test func `a table that does not exist is told with what to do`() async throws {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await DynamoDB(client).getItem(.init(table: "no-such-table", key: WireItem(key("v1"))))
            }

            #expect(error?.code == .resourceNotFound)
            #expect(error?.attempts == 1)
            #expect(error?.description.contains("Check that the table") == true)
        }
    }
}
