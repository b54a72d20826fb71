import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct StatisticsTests {
    private let model = ModelName(rawValue: "Document")

    @Test(arguments: [
        ("PutItem", Service.dynamoDB, "dynamodb.put_item"), ("GenerateDataKey", .kms, "kms.generate_data_key"),
        ("UploadPart", .s3, "s3.upload_part"), ("ListObjectsV2", .s3, "s3.list_objects_v2"),
        ("Query", .dynamoDB, "dynamodb.query"), ("other", .s3, "s3.other"),
    ])
    func `calls have dotted names`(operation: String, service: Service, name: String) {
        #expect(StatisticName.call(service, operation).rawValue == name)
    }

    @Test func `local work, counters and sizes are those of the scope and of the model`() throws {
        let scope = MetricsScope()
        scope.addTime(.milliseconds(2), to: .saveEncode, for: model)
        scope.addTime(.milliseconds(4), to: .saveEncode)
        scope.count("orders", by: 3)
        scope.count("orders", for: model)
        scope.note(100, of: .itemSize, for: model)
        scope.note(-2, of: .itemSize)

        let whole = scope.snapshot().statistics
        #expect(whole.times[.saveEncode]?.average == .milliseconds(3))
        #expect(whole.counters == ["orders": 4])
        let sizes = try #require(whole.attributes[.itemSize])
        #expect((sizes.count, sizes.sum, sizes.minimum, sizes.maximum) == (2, 98, -2, 100))
        #expect(sizes.average == 49)
        let own = scope.snapshot(for: model).statistics
        #expect(own.times[.saveEncode]?.sum == .milliseconds(2))
        #expect(own.counters == ["orders": 1])
        #expect(own.attributes[.itemSize]?.maximum == 100)
    }

    @Test func `a model that begins anew forgets its statistics, the scope keeps them`() {
        let scope = MetricsScope()
        scope.count("orders", for: model)
        scope.reset(model)

        #expect(scope.snapshot(for: model).statistics == Statistics())
        #expect(scope.snapshot().statistics.counters == ["orders": 1])
    }

    @Test func `each kind of call is timed on the wire, over all tables`() {
        let scope = MetricsScope()
        for table in ["a", "b"] {
            MetricsScope.record(record(on: table) { $0.duration = .milliseconds(5) }, in: scope)
        }

        let times = scope.snapshot().statistics.times
        #expect(times[.call(.dynamoDB, "PutItem")]?.count == 2)
        #expect(times[.call(.dynamoDB, "PutItem")]?.sum == .milliseconds(10))
    }

    @Test func `data keys that were there are hits, those that KMS unwrapped misses`() {
        let scope = MetricsScope()
        scope.countKeyReuse(count: 3)
        MetricsScope.record(record(.kms, "Decrypt", on: nil), in: scope)
        MetricsScope.record(record(.kms, "GenerateDataKey", on: nil), in: scope)

        #expect(scope.snapshot().statistics.counters == [.cacheHits: 3, .cacheMisses: 1])
    }

    @Test func `work is timed in the scope in force and in those around it, and its result and error come through`() {
        struct Refusal: Error {}
        let outer = MetricsScope()
        let inner = MetricsScope(parent: outer)

        let result = MetricsScope.$current.withValue(inner) {
            #expect(throws: Refusal.self) { try MetricsScope.timing("work") { throw Refusal() } }
            return MetricsScope.timing("work", for: model) { 7 }
        }

        #expect(result == 7)
        for scope in [inner, outer] { #expect(scope.snapshot().statistics.times["work"]?.count == 2) }
        #expect(outer.snapshot(for: model).statistics.times["work"]?.count == 1)
        #expect(MetricsScope.timing("work") { 8 } == 8)
    }

    @Test func `at level none nothing is kept`() {
        let scope = MetricsScope(level: .none)
        scope.count("orders")
        scope.note(1, of: .itemSize)
        scope.addTime(.seconds(1), to: .saveEncode)
        MetricsScope.$current.withValue(scope) { MetricsScope.timing("work") {} }

        #expect(scope.snapshot() == .unrecorded)
        #expect(scope.snapshot().statistics == Statistics())
    }

    @Test func `names without end are dropped, and how many is told`() {
        let scope = MetricsScope()
        for number in 0..<300 { scope.count(StatisticName(rawValue: "n\(number)")) }
        scope.count("n0")

        let statistics = scope.snapshot().statistics
        #expect(statistics.counters.count == 200)
        #expect(statistics.counters["n0"] == 2)
        #expect(statistics.dropped == 100)
    }
}
