import Foundation
import Tally
import Testing

@Suite struct StoreExplanationTests {
    private let aws = FakeAWS()

    /// The lines that `body` logs where everything is slow.
    private func lines(_ body: (Store) async throws -> Void) async throws -> [[String: Any]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let store = try aws.store()
        let logger = Logger(output: LineOutput(fileDescriptor: file.fileDescriptor))
        let scope = MetricsScope(InvocationInfo(requestID: "r-1"), logger: logger, slowCallThreshold: .zero)
        try await MetricsScope.$current.withValue(scope) { try await body(store) }
        try file.close()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private func explanations(_ lines: [[String: Any]]) -> [[String: Any]] {
        lines.filter { $0["message"] as? String == "a slow operation of a model" }
    }

    @Test func `a slow save tells encoding, sealing, checksum and each service apart`() async throws {
        let lines = try await lines { store in
            try await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
        }

        let save = try #require(explanations(lines).first)
        #expect(save["operation"] as? String == "save")
        #expect(save["model"] as? String == "Note")
        #expect(save["table"] as? String == "notes")
        #expect(save["requestId"] as? String == "r-1")
        for name in ["local.model.save.encodeMs", "local.model.secret.sealMs", "local.s3.checksumMs", "localMs"] {
            #expect(save[name] is Double, "\(name)")
        }
        for service in ["dynamodb", "kms", "s3"] {
            #expect(save["\(service).calls"] as? Int == 1)
            #expect(save["\(service).wireMs"] is Double)
        }
        #expect(lines.count { $0["message"] as? String == "a slow call" } == 3)
    }

    @Test func `each operation of the store explains itself once`() async throws {
        let lines = try await lines { store in
            let saved = try await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
            let found = try #require(try await store.get(saved.key))
            _ = try await store.page(Note.query(partition: "NOTE#1"))
            _ = try await store.content(of: try #require(found.content))
            try await store.delete(found)
        }

        let explanations = explanations(lines)
        #expect(explanations.map { $0["operation"] as? String } == ["save", "get", "query", "content", "delete"])
        #expect(explanations.allSatisfy { $0["model"] as? String == "Note" })
        #expect(explanations[1]["local.model.get.decodeMs"] is Double)
        #expect(explanations[1]["kms.calls"] as? Int == 1)
        #expect(explanations[3]["local.model.file.resolveMs"] is Double)
        #expect(explanations[4]["s3.calls"] as? Int == 1)
    }

    @Test func `no line holds what the item holds`() async throws {
        let lines = try await lines { store in
            let saved = try await store.save(Note.sample())
            _ = try await store.get(saved.key)
        }

        let text = "\(lines)"
        for value in ["078-05-1120", "NOTE#1", "Report"] { #expect(!text.contains(value)) }
    }

    @Test func `a file's content is timed as a whole, for its model`() async throws {
        let store = try aws.store()
        let saved = try await store.save(Note.sample(content: StoredFile([1, 2, 3], name: "a.bin")))
        let found = try #require(try await store.get(saved.key)?.content)

        let (_, metrics) = try await Metrics.withScope { try await store.content(of: found) }

        #expect(metrics.statistics.times[.fileResolve]?.count == 1)
    }

    @Test func `a save and a get of one item are told under one hash`() async throws {
        let store = try aws.store()
        let scope = MetricsScope()
        try await MetricsScope.$current.withValue(scope) {
            InvocationMetrics.current.trackKeys()
            let saved = try await store.save(Note.sample())
            _ = try await store.get(saved.key)
            try await store.save(Note.sample("v2"))
        }

        #expect(scope.details().keys.map(\.calls) == [2, 1])
        #expect(scope.details().keys.allSatisfy { $0.table == "notes" })
    }
}
