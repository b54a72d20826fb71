import Tally
import Testing

@Suite struct StoreFilesTests {
    private let aws = FakeAWS()
    private let file = StoredFile(Array("content".utf8), name: "a.txt", contentType: "text/plain")

    @Test func `a file is uploaded to a key of its own before the item is written, and read back on request`()
        async throws
    {
        let store = try aws.store()

        let saved = try await store.save(Note.sample(content: file))
        let found = try #require(try await store.get(saved.key)?.content)

        #expect(aws.calls.prefix(3).map { $0.hasPrefix("PUT note-files/files/") } == [false, true, false])
        #expect((found.name, found.contentType, found.size) == ("a.txt", "text/plain", 7))
        #expect(aws.count("GET") == 0)
        #expect(try await store.content(of: found) == Array("content".utf8))
    }

    @Test func `fetching a file counts for its model`() async throws {
        let store = try aws.store()
        let (saved, upload) = try await Metrics.withScope { try await store.save(Note.sample(content: file)) }
        #expect(upload.statistics.attributes[.objectSize]?.sum == 7)

        try await MetricsScope.$current.withValue(MetricsScope()) {
            let found = try #require(try await store.get(saved.key)?.content)
            _ = try await store.content(of: found)

            #expect(Note.totalMetrics.s3Calls == 1)
            #expect(Note.totalMetrics.s3BytesDownloaded == 7)
        }
    }

    @Test func `a file that replaces another takes its place, and the other goes`() async throws {
        let store = try aws.store()
        var note = try await store.save(Note.sample(content: file))
        let old = try #require(note.content?.location)

        note.content = StoredFile([1, 2], name: "b.bin")
        let saved = try await store.save(note)

        #expect(aws.calls.last == "DELETE note-files/\(old.key)")
        #expect(aws.objects.keys.sorted() == ["note-files/\(try #require(saved.content?.location).key)"])
    }

    @Test func `saving again without a new file keeps the object`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample(content: file))

        try await store.save(note)

        #expect(aws.count("PUT") == 1)
        #expect(aws.count("DELETE") == 0)
    }

    @Test func `an upload whose item is refused is removed again`() async throws {
        let store = try aws.store()
        try await store.save(Note.sample())

        await #expect(throws: ModelError.self) { try await store.save(Note.sample(content: file)) }

        #expect(aws.objects.isEmpty)
    }

    @Test func `an upload whose item is refused at the second attempt is removed again, and the winner's stays`()
        async throws
    {
        let store = try aws.store()
        let winner = try await store.save(Note.sample(content: file))
        aws.fail("PutItem", with: .success(aws.throttling))

        await #expect(throws: ModelError.self) { try await store.save(Note.sample(content: file)) }

        #expect(aws.objects.keys.sorted() == ["note-files/\(try #require(winner.content?.location).key)"])
    }

    @Test func `an upload whose item may have been written stays`() async throws {
        let store = try aws.store()
        let lost = Result<Response, TransportError>.failure(TransportError(.connectionLost, "fake", attempts: 1))
        for _ in 0..<4 { aws.fail("PutItem", with: lost) }

        await #expect(throws: ServiceError.self) { try await store.save(Note.sample(content: file)) }

        #expect(aws.objects.count == 1)
    }

    @Test func `an upload is removed again when its task is cancelled before the item is written`() async throws {
        let store = try aws.store()
        aws.observe { call in
            if call.hasPrefix("PUT") { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let note = Note.sample(content: file)

        let error = await #expect(throws: ServiceError.self) {
            try await Task { try await store.save(note) }.value
        }

        #expect(error?.code == .cancelled)
        #expect(aws.count("PutItem") == 0)
        #expect(aws.count("PUT") == 1)
        #expect(aws.objects.isEmpty)
    }

    @Test func `what KMS refuses leaves no object`() async throws {
        let store = try aws.store()
        let refusal = Response(status: 400, body: Array(#"{"__type":"NotFoundException"}"#.utf8))
        aws.fail("GenerateDataKey", with: .success(refusal))

        await #expect(throws: ServiceError.self) { try await store.save(Note.sample(content: file)) }

        #expect(aws.calls == ["GenerateDataKey"])
    }

    @Test func `removing an item removes its file, in one call each`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample(content: file))

        #expect(try await store.delete(note.key))
        #expect(aws.calls.suffix(2).map { $0.prefix(6) } == ["Delete", "DELETE"])
        #expect(aws.objects.isEmpty)
        #expect(try await !store.delete(note.key))
    }

    @Test func `a removal whose answer was lost removes the file as well`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample(content: file))
        aws.fail("DeleteItem", with: nil)

        try await store.delete(note)

        #expect(aws.objects.isEmpty)
    }

    @Test func `an object of another size than its pointer says is refused`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample(content: file))
        aws.edit("NOTE#1|v1") { item in
            var pointer = (item["content"] as? [String: [String: Any]])?["M"] ?? [:]
            pointer["size"] = ["N": "8"]
            item["content"] = ["M": pointer]
        }

        let found = try #require(try await store.get(note.key)?.content)

        let error = await #expect(throws: ModelError.self) { try await store.content(of: found) }
        #expect(error?.code == .file)
    }

    @Test func `a pointer of a later version is refused, not guessed`() async throws {
        let store = try aws.store()
        let note = try await store.save(Note.sample(content: file))
        aws.edit("NOTE#1|v1") { item in
            var pointer = (item["content"] as? [String: [String: Any]])?["M"] ?? [:]
            pointer["v"] = ["N": "2"]
            item["content"] = ["M": pointer]
        }

        let error = await #expect(throws: ModelError.self) { try await store.get(note.key) }
        #expect(error?.attribute == "content")
    }

    @Test func `a file that is not saved has no content to fetch`() async throws {
        let store = try aws.store()

        let error = await #expect(throws: ModelError.self) { try await store.content(of: file) }

        #expect(error?.message.contains("save its model") == true)
    }
}
