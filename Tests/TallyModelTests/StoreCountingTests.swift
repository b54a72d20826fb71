import Tally
import Testing

/// What pydynox gets wrong: calls that are counted for some operations and not for others, and figures that mix.
@Suite struct StoreCountingTests {
    private let aws = FakeAWS()

    @Test func `ten saves with files side by side count ten uploads and every byte (pydynox counts one)`() async throws
    {
        let store = try aws.store()

        let (_, metrics) = try await Metrics.withScope {
            try await withThrowingTaskGroup { group in
                for number in 0..<10 {
                    let file = StoredFile([UInt8](repeating: 1, count: 1_000), name: "a.bin")
                    group.addTask { _ = try await store.save(Note.sample("v\(number)", content: file)) }
                }
                try await group.waitForAll()
            }
        }

        #expect(metrics.s3Calls == 10)
        #expect(metrics.s3BytesUploaded == 10_000)
        #expect(metrics.kmsCalls == 10)
        #expect(metrics.writeUnits == 10)
    }

    @Test func `queries and scans count like any other call, their KMS calls too (pydynox: nothing)`()
        async throws
    {
        let store = try aws.store()
        for sk in ["v1", "v2"] { try await store.save(Note.sample(sk)) }

        let (_, metrics) = try await Metrics.withScope {
            _ = try await store.query(Note.query(partition: "NOTE#1")).collect()
            _ = try await store.scan(Note.scan()).collect()
        }

        let rows = metrics.operations.filter { $0.key.service == .dynamoDB }
        #expect(rows.map(\.key.operation) == ["Query", "Scan"])
        #expect(rows.map(\.totals.calls) == [1, 1])
        #expect(rows.map(\.totals.itemCount) == [2, 2])
        #expect(metrics.kmsCalls == 4)
    }

    @Test func `a save that fails counts the calls that it had made by then (pydynox: nothing)`() async throws {
        let store = try aws.store()
        aws.fail(
            "PutItem", with: .success(Response(status: 400, body: Array(#"{"__type":"ValidationException"}"#.utf8))))

        let (_, metrics) = await Metrics.withScope {
            try? await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
        }

        #expect((metrics.kmsCalls, metrics.s3BytesUploaded) == (1, 3))
        #expect((metrics.operationCount, metrics.dynamoDBErrors) == (1, 1))
        // The upload, and its removal.
        #expect(metrics.s3Calls == 2)
    }

    @Test func `two models side by side have their own figures, exactly (pydynox: 2002 units instead of 2000)`()
        async throws
    {
        let store = try aws.store()

        try await MetricsScope.$current.withValue(MetricsScope()) {
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try await store.save(Plain(id: "\(number)", count: number, label: nil))
                    }
                    group.addTask { _ = try await store.save(Note.sample("v\(number)")) }
                }
                try await group.waitForAll()
            }

            #expect(Plain.totalMetrics.writeUnits == 40)
            #expect(Note.totalMetrics.writeUnits == 40)
            #expect((Plain.totalMetrics.kmsCalls, Note.totalMetrics.kmsCalls) == (0, 40))
        }
    }

    @Test func `kinds of calls are rows of their own, so that each has its own price (pydynox: one counter)`()
        async throws
    {
        let store = try aws.store()

        let (_, metrics) = try await Metrics.withScope {
            let saved = try await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
            let found = try #require(try await store.get(saved.key))
            _ = try await store.content(of: try #require(found.content))
            try await store.delete(found)
        }

        let costs = metrics.operations.filter { $0.key.service == .s3 }.map { ($0.key.operation, $0.totals.picoUSD) }
        #expect(costs.map(\.0) == ["DeleteObject", "GetObject", "PutObject"])
        #expect(costs.map(\.1) == [0, 400_000, 5_000_000])
        let kms = metrics.operations.filter { $0.key.service == .kms }.map(\.key.operation)
        #expect(kms == ["Decrypt", "GenerateDataKey"])
    }
}
