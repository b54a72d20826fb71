import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

struct ServiceClientTests {
    private let clock = FixedClock()

    private func get(_ transport: ScriptedTransport, retry: RetryPolicy = .standard) throws -> DynamoDB {
        DynamoDB(try .scripted(transport, clock: clock, retry: retry))
    }

    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    // MARK: - Requests

    @Test func `each attempt is numbered, signed anew and bears the call's id`() async throws {
        let transport = ScriptedTransport(.unavailable, .broken(), .status(200))

        _ = try await get(transport).getItem(input)

        let requests = transport.requests
        #expect(requests.map { $0.headers["amz-sdk-request"] } == (1...3).map { "attempt=\($0); max=4" })
        #expect(Set(requests.map { $0.headers["amz-sdk-invocation-id"] }).count == 1)
        #expect(requests.allSatisfy { $0.headers["User-Agent"] == "tally/0.1.0" })
        #expect(requests.allSatisfy { $0.headers.fields.filter { $0.name == "Authorization" }.count == 1 })
        #expect(requests.allSatisfy { $0.headers["X-Amz-Security-Token"] == "token" })
        #expect(Set(requests.map { $0.headers["Authorization"] }).count == 3)
    }

    @Test func `ids of calls are UUIDs and differ`() throws {
        let ids = (0..<100).map { _ in UserAgent.callID() }

        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test(arguments: [(.none, 1), (.summary, 4)] as [(MetricsLevel, Int)])
    func `at level none a call looks at the clock when it begins, for its error, and no more`(
        level: MetricsLevel, count: Int
    ) async throws {
        let dynamoDB = try get(ScriptedTransport(.status(200)))

        try await MetricsScope.$current.withValue(MetricsScope(level: level)) { _ = try await dynamoDB.getItem(input) }

        #expect(clock.readCount == count)
    }

    // MARK: - Retries

    @Test func `transient failures wait 25, 50 and 100 ms at DynamoDB and then succeed`() async throws {
        let transport = ScriptedTransport(.unavailable, .broken(.timedOut), .unavailable, .status(200))

        let (record, snapshot) = try await recorded {
            _ = try await get(transport).getItem(input, models: [.test])
        }

        #expect(clock.sleeps == [.milliseconds(25), .milliseconds(50), .milliseconds(100)])
        #expect(record?.attempts == 4)
        #expect(record?.retryDelay == .milliseconds(175))
        #expect(record?.outcome == .success)
        #expect(snapshot.operationCount == 1)
        #expect(snapshot.dynamoDBRetries == 3)
        #expect(snapshot.dynamoDBErrors == 0)
    }

    @Test func `throttling waits 1, 2 and 4 s and then gives up with the typed error`() async throws {
        let transport = ScriptedTransport(.throttled)

        let (record, snapshot) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await get(transport).getItem(input, models: [.test])
            }
            #expect(error?.code.rawValue == "ThrottlingException")
            #expect(error?.isThrottling == true)
            #expect(error?.attempts == 4)
            #expect(error?.description.contains("4 attempts in 7.0 s") == true)
        }

        #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(record?.throttles == 4)
        #expect(record?.outcome == .error)
        #expect(snapshot.dynamoDBThrottles == 4)
        #expect(snapshot.dynamoDBErrors == 1)
    }

    @Test func `the service's wait is waited`() async throws {
        let transport = ScriptedTransport(.status(500, "", ["x-amz-retry-after": "1500"]), .status(200))

        _ = try await get(transport).getItem(input)

        #expect(clock.sleeps == [.milliseconds(1_500)])
    }

    @Test(arguments: [
        (400, "ValidationException"), (400, "ResourceNotFoundException"), (400, "AccessDeniedException"),
        (400, "ConditionalCheckFailedException"), (403, "ExpiredTokenException"), (501, "NotImplemented"),
    ])
    func `what would fail again is sent once`(status: Int, code: String) async throws {
        let transport = ScriptedTransport(.status(status, #"{"__type":"\#(code)"}"#))

        await #expect(throws: ServiceError.self) { _ = try await get(transport).getItem(input) }

        #expect(transport.requests.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a certificate that is refused is not tried again`() async throws {
        let transport = ScriptedTransport(.broken(.tls, attempts: 0))

        let error = await #expect(throws: ServiceError.self) { _ = try await get(transport).getItem(input) }

        #expect(transport.requests.count == 1)
        #expect(error?.transportError?.code == .tls)
    }

    @Test func `an empty quota ends retries, and each service has its own`() async throws {
        let client = try ServiceClient.scripted(ScriptedTransport(.unavailable), clock: clock)
        // Each call takes 3 × 14 tokens: eleven of them leave 38, the twelfth takes 28 and is refused the third retry.
        for _ in 0..<11 { await #expect(throws: ServiceError.self) { _ = try await DynamoDB(client).getItem(input) } }

        let twelfth = await #expect(throws: ServiceError.self) { _ = try await DynamoDB(client).getItem(input) }
        let thirteenth = await #expect(throws: ServiceError.self) { _ = try await DynamoDB(client).getItem(input) }
        let kms = await #expect(throws: ServiceError.self) {
            _ = try await KMS(client).generateDataKey(.init(key: "alias/documents"))
        }

        #expect(twelfth?.attempts == 3)
        #expect(thirteenth?.attempts == 1)
        #expect(kms?.attempts == 3)
    }

    // MARK: - Counting

    @Test func `attempts are what the transport put on a wire`() async throws {
        let replayed = Response(status: 200, body: Array("{}".utf8), trip: Trip(attempts: 2))
        let transport = ScriptedTransport(.broken(.connectionFailed, attempts: 0), .success(replayed))

        let (record, _) = try await recorded { _ = try await get(transport).getItem(input, models: [.test]) }

        #expect(record?.attempts == 2)
    }

    @Test func `duration is time on the wire, waits apart`() async throws {
        let clock = clock
        let transport = ScriptedTransport { _, index in
            clock.advance(by: .milliseconds(10))
            return index == 0 ? .unavailable : .status(200)
        }

        let (record, snapshot) = try await recorded {
            _ = try await get(transport).getItem(input, models: [.test])
        }

        #expect(record?.duration == .milliseconds(20))
        #expect(record?.retryDelay == .milliseconds(25))
        #expect(snapshot.dynamoDBDuration == .milliseconds(20))
        #expect(snapshot.awsWaitTime == .milliseconds(45))
    }

    @Test func `time until a response failed to come is time on the wire`() async throws {
        let clock = clock
        let transport = ScriptedTransport { _, index in
            clock.advance(by: .milliseconds(10))
            return index == 0 ? .broken(.timedOut) : .status(200)
        }

        let (record, _) = try await recorded { _ = try await get(transport).getItem(input, models: [.test]) }

        #expect(record?.duration == .milliseconds(20))
    }

    @Test func `a call without credentials is counted and sends nothing`() async throws {
        let transport = ScriptedTransport(.status(200))
        let client = try ServiceClient.scripted(transport, credentials: EnvironmentCredentials { _ in nil })

        let (record, _) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await DynamoDB(client).getItem(input, models: [.test])
            }
            #expect(error?.code == .noCredentials)
            #expect(error?.description.contains("AWS_ACCESS_KEY_ID: not set.") == true)
            #expect(error?.attempts == 0)
        }

        #expect(transport.requests.isEmpty)
        #expect(record?.outcome == .error)
        #expect(record?.attempts == 0)
    }

    @Test func `a call belongs to the scope in which it began`() async throws {
        let late = MetricsScope()
        let transport = ScriptedTransport(.status(200))

        let (record, _) = try await recorded {
            let dynamoDB = try get(transport)
            _ = try await dynamoDB.getItem(input, models: [.test])
        }

        #expect(record?.operation == "GetItem")
        #expect(late.snapshot().operationCount == 0)
    }

    @Test func `the connection of the last attempt is in the record`() async throws {
        let trip = Trip(reusedConnection: true, connectionAge: .seconds(7))
        let transport = ScriptedTransport(
            .unavailable, .success(Response(status: 200, body: Array("{}".utf8), trip: trip)))

        let (record, _) = try await recorded { _ = try await get(transport).getItem(input, models: [.test]) }

        #expect(record?.reusedConnection == true)
        #expect(record?.connectionAge == .seconds(7))
    }

    @Test func `each retry is a debug line with what failed and how long is waited`() async throws {
        let throttled = ScriptedTransport.Answer.status(
            400, #"{"__type":"ThrottlingException"}"#, ["x-amzn-requestid": "A1"])
        let lines = try await logLines(at: .debug) { logger in
            let transport = ScriptedTransport(throttled, .status(200))
            let client = ServiceClient(
                transport: transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: Endpoints(), retry: .standard, logger: logger, effects: clock.effects)
            _ = try await recorded(InvocationInfo(requestID: "r-1")) { _ = try await DynamoDB(client).getItem(input) }
        }

        #expect(lines.count == 1)
        #expect(
            lines.first?.hasSuffix(
                #""level":"DEBUG","message":"retrying a call","requestId":"r-1","dependency":"DynamoDB","#
                    + #""operation":"GetItem","resource":"documents","attempt":1,"code":"ThrottlingException","#
                    + #""awsRequestId":"A1","waitMs":1000}"#) == true)
    }

    // MARK: - Checksums

    @Test func `a body that does not match its CRC32 is fetched again`() async throws {
        var sum = CRC32()
        sum.update(Array("{}".utf8))
        let transport = ScriptedTransport(
            .status(200, #"{"Item":{"pk":{"S":"#, ["x-amz-crc32": "1"]),
            .status(200, "{}", ["x-amz-crc32": "\(sum.value)"])
        )

        let output = try await get(transport).getItem(input)

        #expect(output.item == nil)
        #expect(transport.requests.count == 2)
    }

    @Test func `a CRC32 that never matches is a typed error`() async throws {
        let transport = ScriptedTransport(.status(200, "{}", ["x-amz-crc32": "1"]))

        let error = await #expect(throws: ServiceError.self) { _ = try await get(transport).getItem(input) }

        #expect(error?.code == .checksumMismatch)
        #expect(error?.attempts == 4)
    }

    // MARK: - Deadline and cancellation

    private func deadline(in duration: Duration) -> InvocationInfo {
        InvocationInfo(deadline: clock.now + duration)
    }

    @Test func `an attempt is bounded to end 150 ms before the deadline`() async throws {
        let transport = ScriptedTransport(.status(200))

        _ = try await recorded(deadline(in: .seconds(2))) { _ = try await get(transport).getItem(input) }

        #expect(transport.requests.first?.timeouts.total == .milliseconds(1_850))
    }

    @Test(arguments: [(1, 1_000), (5, 1_850)])
    func `a call's own bound holds where it is the shorter one`(seconds: Int, milliseconds: Int) async throws {
        let transport = ScriptedTransport(.status(200))
        let client = try ServiceClient.scripted(transport, clock: clock)
        var request = Request(.get, "https://host/")
        request.timeouts.total = .seconds(seconds)
        let call = ServiceCall(.kms, "Operation", resource: nil, models: [], request: request)

        _ = try await recorded(deadline(in: .seconds(2))) {
            try await client.send(call) { (_, _) throws(ServiceError) in }
        }

        #expect(transport.requests.first?.timeouts.total == .milliseconds(milliseconds))
    }

    @Test func `of a short invocation no more than a twentieth is kept free of attempts`() async throws {
        let transport = ScriptedTransport(.status(200))
        var invocation = deadline(in: .seconds(1))
        invocation.start = clock.now

        _ = try await recorded(invocation) { _ = try await get(transport).getItem(input) }

        #expect(transport.requests.first?.timeouts.total == .milliseconds(950))
    }

    @Test func `no attempt begins where none can end in time`() async throws {
        let transport = ScriptedTransport(.status(200))

        let (record, _) = try await recorded(deadline(in: .milliseconds(150))) {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await get(transport).getItem(input, models: [.test])
            }
            #expect(error?.code == .deadlineExceeded)
        }

        #expect(transport.requests.isEmpty)
        #expect(record?.errorCode == "DeadlineExceeded")
    }

    @Test func `no wait begins that the deadline would cut off`() async throws {
        let transport = ScriptedTransport(.throttled)

        _ = try await recorded(deadline(in: .milliseconds(3_900))) {
            let error = await #expect(throws: ServiceError.self) { _ = try await get(transport).getItem(input) }
            #expect(error?.isThrottling == true)
            #expect(error?.attempts == 3)
        }

        #expect(clock.sleeps == [.seconds(1), .seconds(2)])
    }

    @Test func `no wait begins that ends as the time for attempts does`() async throws {
        let transport = ScriptedTransport(.throttled)

        _ = try await recorded(deadline(in: .milliseconds(1_150))) {
            await #expect(throws: ServiceError.self) { _ = try await get(transport).getItem(input) }
        }

        #expect(clock.sleeps.isEmpty)
        #expect(transport.requests.count == 1)
    }

    @Test func `a call that is cancelled on the wire says so and is not made again`() async throws {
        let transport = ScriptedTransport(.broken(.cancelled), .status(200))

        let (record, _) = try await recorded {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await get(transport).getItem(input, models: [.test])
            }
            #expect(error?.code == .cancelled)
        }

        #expect(transport.requests.count == 1)
        #expect(record?.errorCode == "Cancelled")
    }

    @Test func `cancellation ends the call during its wait, once recorded`() async throws {
        let transport = ScriptedTransport { _, _ in
            withUnsafeCurrentTask { $0?.cancel() }
            return .unavailable
        }
        let dynamoDB = try get(transport)
        let scope = MetricsScope()

        let error = await Task { [input] in
            await MetricsScope.$current.withValue(scope) {
                await #expect(throws: ServiceError.self) { _ = try await dynamoDB.getItem(input, models: [.test]) }
            }
        }.value

        #expect(error?.code == .cancelled)
        #expect(error?.attempts == 1)
        #expect(transport.requests.count == 1)
        #expect(scope.snapshot().operationCount == 1)
        #expect(scope.last(for: .test)?.errorCode == "Cancelled")
    }
}
