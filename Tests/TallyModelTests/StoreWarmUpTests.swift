import Tally
import Testing

@Suite struct StoreWarmUpTests {
    private let aws = FakeAWS()

    @Test func `the services and buckets that the models use are connected to once each, at the same time`()
        async throws
    {
        try await aws.store().warmUp(Note.self, Plain.self, Note.self)

        #expect(aws.calls.sorted() == ["GET ", "GET ", "HEAD note-files/"])
        #expect(aws.mostAtOnce == 3)
    }

    @Test func `a model without secrets and files needs DynamoDB only`() async throws {
        try await aws.store().warmUp(Plain.self)

        #expect(aws.calls == ["GET "])
    }
}
