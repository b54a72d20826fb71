import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

extension LocalServersTests {
    /// Sizes and units as the estimator has them against those that the server charges.
    ///
    /// Only writes are measured: ministack charges every read outside a transaction as one of 4 KB.
    @Suite struct CapacityTests {
        private let dynamoDB: DynamoDB

        init() throws {
            dynamoDB = DynamoDB(try LocalServers.client())
        }

        private static let values: [AttributeValue] = [
            .string("Zürich €"), .binary([UInt8](repeating: 7, count: 33)), .bool(false), .null,
            .list([]), .map([:]), .list([.null, .string("ab"), .list([.bool(true)])]),
            .map(["name": .string("ab"), "é": .null, "inner": .map(["a": .number(12)])]),
            .stringSet(["a", "bc", "é"]), .binarySet([[1], [2, 3]]), .numberSet([1, 100, -1]),
            .list(
                ["0", "7", "12", "123", "-1", "1.2", "0.12", "100", "1e125", "3.14159", "-0.001"].compactMap {
                    Number($0).map(AttributeValue.number)
                }),
        ]

        private func key() -> Item { ["pk": .string("CAPACITY#\(UserAgent.callID())"), "sk": .string("v1")] }

        /// An item with `value` that is as large as `byteCount` by the estimator's figures.
        private func item(with value: AttributeValue, of byteCount: Int) -> Item {
            var item = key()
            item["value"] = value
            item["fill"] = .string("")
            item["fill"] = .string(String(repeating: "x", count: byteCount - CapacityEstimator.size(of: item)))
            return item
        }

        private func put(_ item: Item) async throws -> Double? {
            try await recorded {
                _ = try await dynamoDB.putItem(.init(table: LocalServers.table, item: WireItem(item)))
            }.snapshot.writeUnits
        }

        @Test(arguments: values)
        func `the estimated size of any value is exact at the edge of a unit`(value: AttributeValue) async throws {
            for byteCount in [1_024, 1_025, 2_048, 2_049] {
                let charged = try await put(item(with: value, of: byteCount))
                #expect(charged == CapacityEstimator.writeUnits(forItemOf: byteCount), "\(byteCount) bytes")
            }
        }

        @Test func `a write is charged by the larger of old and new item`() async throws {
            var item = key()
            item["fill"] = .string(String(repeating: "x", count: 3_000))
            _ = try await put(item)
            let before = CapacityEstimator.size(of: item)
            item["fill"] = nil

            let charged = try await put(item)

            let estimate = CapacityEstimator.writeUnits(forItemOf: CapacityEstimator.size(of: item), before: before)
            #expect(charged == estimate && estimate == 3)
        }

        @Test func `a transaction is charged the double, each item rounded up by itself`() async throws {
            let items = [1_024, 1_025, 100].map { item(with: .null, of: $0) }
            let sizes = items.map(CapacityEstimator.size(of:))

            let (_, written) = try await recorded {
                _ = try await dynamoDB.transactWriteItems(
                    items.map { .put(.init(table: LocalServers.table, item: WireItem($0))) })
            }
            let (_, read) = try await recorded {
                _ = try await dynamoDB.transactGetItems(
                    items.map { item in
                        let key = item.filter { ["pk", "sk"].contains($0.key) }
                        return DynamoDB.TransactGet(table: LocalServers.table, key: WireItem(key))
                    })
            }

            let writeUnits = sizes.reduce(0) { $0 + CapacityEstimator.transactionWriteUnits(forItemOf: $1) }
            let readUnits = sizes.reduce(0) { $0 + CapacityEstimator.readUnits(forItemOf: $1, .transactional) }
            #expect(written.writeUnits == writeUnits && writeUnits == 8)
            #expect(read.readUnits == readUnits && readUnits == 6)
        }
    }
}
