import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct EMFDetailsTests {
    /// The lines of an invocation with these calls, in a process of its own.
    private func lines(
        _ calls: [CallRecord], _ environment: [String: String] = [:], level: MetricsLevel = .detailed,
        registry: DetailRegistry = DetailRegistry(), logger: Logger = .silent,
        adding body: (InvocationMetrics) -> Void = { _ in }
    ) throws -> EMFDocuments {
        let own = ["AWS_LAMBDA_FUNCTION_NAME": "orders", "TALLY_METRICS_LEVEL": level.rawValue]
        let environment = own.merging(environment) { $1 }
        let configuration = try MetricsConfiguration { environment[$0] }
        let scope = MetricsScope(
            InvocationInfo(requestID: "r-1"), level: level, dimensions: configuration.dimensions, logger: logger)
        body(InvocationMetrics(of: scope))
        MetricsScope.$registry.withValue(registry) {
            for call in calls { MetricsScope.record(call, in: scope, at: epoch) }
        }
        return try EMFDocuments(of: scope, configuration)
    }

    private func details(_ lines: EMFDocuments) -> [JSONNode] {
        lines.roots.filter { $0.directives.first?["Namespace"]?.text == "Tally/Detail" }
    }

    @Test func `a table and an operation have a line with all of their metrics`() throws {
        let calls = [5, 7].map { milliseconds in
            record(.dynamoDB, "Query", on: "orders", index: "by-day") { call in
                call.duration = .milliseconds(milliseconds)
                call.attempts = 2
                call.throttles = 1
                call.readUnits = 2.5
            }
        }

        let details = details(try lines(calls))

        let line = try #require(details.first)
        #expect(details.count == 1)
        #expect(line.directives.map(\.dimensionSets) == [[["service", "table", "operation"]]])
        #expect((line["service"]?.text, line["table"]?.text) == ("orders", "orders"))
        #expect(line["operation"]?.text == "Query")
        #expect((line["part"]?.number, line["requestId"]?.text) == (2, "r-1"))
        #expect(line["Duration"]?.elements?.compactMap(\.number) == [5, 7])
        #expect(line["Operations"]?.number == 2)
        #expect((line["Errors"]?.number, line["Retries"]?.number, line["Throttles"]?.number) == (0, 2, 2))
        #expect((line["ReadUnits"]?.number, line["WriteUnits"]?.number) == (5, nil))
    }

    @Test func `each service's operations have the dimensions that are its own`() throws {
        let lines = try lines([
            record(.s3, "PutObject", on: "files"), record(.kms, "Decrypt", on: "alias/a"),
            record(.sqs, "SendMessage", on: "queue"), record(.dynamoDB, "ListTables", on: nil),
        ])

        let sets = details(lines).map { $0.directives[0].dimensionSets[0] }
        #expect(
            sets == [
                ["service", "table", "operation"], ["service", "operation"], ["service", "bucket", "operation"],
                ["service", "dependency", "operation"],
            ])
        #expect(details(lines).map { $0["operation"]?.text } == ["ListTables", "Decrypt", "PutObject", "SendMessage"])
        #expect(details(lines)[0]["table"]?.text == "other")
        #expect(details(lines)[2]["ReadUnits"] == nil)
    }

    @Test func `what indexes consume is on the operation's row and on lines of their own`() throws {
        let shares = [
            CapacityShare(table: "orders", part: .table, writeUnits: 4),
            CapacityShare(table: "orders", part: .globalIndex("by-day"), writeUnits: 2),
            CapacityShare(table: "orders", part: .localIndex("by-sum"), writeUnits: 1),
        ]
        let call = record(.dynamoDB, "PutItem", on: "orders") { $0.capacityShares = shares }

        let lines = try lines([call, call])

        let row = try #require(lines.main["dynamodb"]?.elements?.first)
        #expect((row["gsiWcu"]?["by-day"]?.number, row["lsiWcu"]?["by-sum"]?.number) == (4, 2))
        #expect(row["tableWcu"] == nil)
        let indexes = details(lines).filter { $0["index"] != nil }
        #expect(indexes.map { $0["index"]?.text } == ["by-day", "by-sum"])
        #expect(indexes.map { $0["IndexWriteUnits"]?.number } == [4, 2])
        #expect(indexes.allSatisfy { $0["IndexReadUnits"] == nil && $0["table"]?.text == "orders" })
        #expect(indexes[0].directives[0].dimensionSets == [["service", "table", "index"]])
    }

    @Test func `a batch tells the units of each of its tables`() throws {
        let call = record(.dynamoDB, "BatchGetItem", on: nil) { call in
            call.capacityShares = ["a", "b"].map { CapacityShare(table: $0, part: .table, readUnits: 1.5) }
        }

        let row = try lines([call]).main["dynamodb"]?.elements?.first

        #expect((row?["tableRcu"]?["a"]?.number, row?["tableRcu"]?["b"]?.number) == (1.5, 1.5))
    }

    @Test func `errors are counted by their code, and a code that nobody knows is other`() throws {
        let codes = ["ThrottlingException", "ThrottlingException", "Made up by a proxy", nil]
        let failed = codes.map { code in
            record(.kms, "Decrypt") { call in
                call.outcome = .error
                call.errorCode = code
            }
        }
        let refused = record { call in
            call.outcome = .conditionalFailure
            call.errorCode = "ConditionalCheckFailedException"
        }

        let errors = details(try lines(failed + [refused])).filter { $0["errorCode"] != nil }

        #expect(errors.map { $0["errorCode"]?.text } == ["ThrottlingException", "other"])
        #expect(errors.map { $0["ErrorsByCode"]?.number } == [2, 2])
        #expect(errors[0].directives[0].dimensionSets == [["service", "dependency", "errorCode"]])
        #expect(errors[0]["dependency"]?.text == "KMS")
    }

    @Test func `there are detailed lines at level detailed only`() throws {
        let call = record { $0.capacityShares = [CapacityShare(table: "a", part: .globalIndex("i"), writeUnits: 1)] }

        let summary = try lines([call], level: .summary)

        #expect(summary.roots.count == 1)
        #expect(summary.main["dynamodb"]?.elements?.first?["gsiWcu"] == nil)
        #expect(try lines([], level: .detailed).roots.count == 1)
        #expect(try lines([call], level: .detailed).roots.count == 3)
    }

    @Test func `the main line is the same at level detailed as at summary`() throws {
        let summary = try lines([record()], level: .summary).main
        let detailed = try lines([record()], level: .detailed).main

        #expect(summary.directives[0].metricNames == detailed.directives[0].metricNames)
        #expect(detailed.directives[0].dimensionSets == [["service"]])
        #expect(detailed.directives.count == 1)
        #expect(detailed["part"] == nil)
    }

    @Test func `detailed lines come after the handler's own and go on with their numbers`() throws {
        let lines = try lines([record()], ["TALLY_DIMENSIONS": "stage=prod"]) { metrics in
            metrics.separate(dimensions: ["carrier": "dhl"]).add("ParcelsSent", 2, .count)
        }

        #expect(lines.roots.map { $0["part"]?.number } == [nil, 2, 3])
        #expect(lines.roots.map { $0["ParcelsSent"] != nil } == [false, true, false])
        #expect(lines.roots[2].directives[0].dimensionSets == [["service", "stage", "table", "operation"]])
    }

    @Test func `of thousands of calls a hundred samples are told, chosen among all of them`() throws {
        let calls = (0..<3_000).map { number in record { $0.duration = .microseconds(number * 1_000) } }

        let line = try #require(details(try lines(calls)).first)

        let samples = (line["Duration"]?.elements ?? []).compactMap(\.number)
        #expect(samples.count == 100)
        #expect(Set(samples).count == 100)
        #expect(line["Operations"]?.number == 3_000)
        // Each thousand has its share of them; the first or the last hundred would have them all.
        for part in 0..<3 {
            let range = Double(part) * 1_000..<Double(part + 1) * 1_000
            #expect((15...55).contains(samples.count { range.contains($0) }))
        }
    }

    @Test func `an invocation tells twenty tuples, and the sum of the rest as other`() throws {
        let calls = (0..<25).map { record(.dynamoDB, "GetItem", on: "table-\($0)") }

        let details = details(try lines(calls))

        #expect(details.count == 21)
        #expect(details.last?["table"]?.text == "other")
        #expect(details.last?["operation"]?.text == "other")
        #expect(details.last?["Operations"]?.number == 5)
        #expect(details.compactMap { $0["Operations"]?.number }.reduce(0, +) == 25)
    }

    @Test func `a process tells two hundred tuples, and warns once of the rest`() throws {
        let registry = DetailRegistry()
        var invocations: [EMFDocuments] = []
        let warnings = Pipe.lines { output in
            invocations = (0..<30).compactMap { invocation in
                let calls = (0..<10).map { record(.kms, "Operation\(invocation * 10 + $0)") }
                return try? lines(calls, registry: registry, logger: Logger(output: output))
            }
        }

        let told = Set(invocations.flatMap { details($0).compactMap { $0["operation"]?.text } })
        let sums = invocations.map { details($0).compactMap { $0["Operations"]?.number }.reduce(0, +) }
        #expect(sums == [Double](repeating: 10, count: 30))
        #expect(told.count == 201)
        #expect(told.contains("other"))
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(#""level":"WARN","message":"detailed metrics: "#) == true)
    }

    @Test func `a tuple that was told goes on being told when the process has no room for others`() throws {
        let registry = DetailRegistry()
        for number in 0..<DetailRegistry.processLimit { _ = registry.admits(.error("\(number)", of: .kms)) }
        for number in 0..<300 { _ = registry.admits(.index("\(number)", of: "a")) }

        #expect(registry.admits(.index("0", of: "a")))
        #expect(!registry.admits(.index("299", of: "a")))
    }

    @Test func `a name that no dimension can have leaves the other lines whole`() throws {
        let lines = try lines([record(.dynamoDB, "GetItem", on: "größe"), record()])

        #expect(details(lines).map { $0["table"]?.text } == ["documents"])
        #expect(lines.main["dynamodb"]?.elements?.count == 2)
    }

    @Test func `a namespace of full length has room for its addition`() throws {
        let namespace = String(repeating: "n", count: 255)

        let lines = try lines([record()], ["TALLY_NAMESPACE": namespace])

        #expect(lines.roots.last?.directives[0]["Namespace"]?.text == namespace.dropLast(7) + "/Detail")
    }

    @Test(arguments: ["table", "operation", "errorCode", "Duration"])
    func `the function's own dimensions cannot be named like a member of a detailed line`(name: String) throws {
        #expect(throws: MetricsConfigurationError.self) { try lines([], ["TALLY_DIMENSIONS": "\(name)=x"]) }
    }

    @Test(arguments: ["slowCalls", "throttlingReasons", "hotKeys"])
    func `a handler's property cannot take the name of a member that the line may have`(name: String) throws {
        let lines = try lines([]) { $0.setProperty(name, 1) }

        #expect(lines.main[name] == nil)
        #expect(lines.main["rejectedMetrics"]?.number == 1)
    }
}
