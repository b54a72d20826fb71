import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// The clock of these tests stands at 2015-08-30T12:36:00Z.
@Suite struct ClockSkewTests {
    private let clock = FixedClock()
    private let input = DynamoDB.GetItemInput(table: "documents", key: WireItem(["pk": .string("1")]))

    private func refused(_ code: String, date: String) -> ScriptedTransport.Answer {
        .status(400, #"{"__type":"\#(code)"}"#, ["Date": date])
    }

    @Test(arguments: [
        "RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired", "InvalidSignatureException",
        "SignatureDoesNotMatch", "AuthFailure",
    ])
    func `a clock that is 20 minutes slow is corrected by one attempt more, and stays corrected`(
        code: String
    ) async throws {
        let transport = ScriptedTransport(refused(code, date: "Sun, 30 Aug 2015 12:56:00 GMT"), .status(200))
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock))

        _ = try await dynamoDB.getItem(input)
        _ = try await dynamoDB.getItem(input)

        #expect(
            transport.requests.map { $0.headers["X-Amz-Date"] }
                == ["20150830T123600Z", "20150830T125600Z", "20150830T125600Z"])
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a clock that runs fast is corrected too`() async throws {
        let transport = ScriptedTransport(
            refused("RequestTimeTooSkewed", date: "Sun, 30 Aug 2015 11:36:00 GMT"), .status(200))

        _ = try await DynamoDB(try .scripted(transport, clock: clock)).getItem(input)

        #expect(transport.requests.last?.headers["X-Amz-Date"] == "20150830T113600Z")
    }

    @Test(arguments: ["Sun, 30 Aug 2015 12:39:59 GMT", "Sun, 30 Aug 2015 12:36:00 GMT", "yesterday"])
    func `a refused signature is not tried again while the clocks agree`(date: String) async throws {
        let transport = ScriptedTransport(refused("InvalidSignatureException", date: date))

        let error = await #expect(throws: ServiceError.self) {
            _ = try await DynamoDB(try .scripted(transport, clock: clock)).getItem(input)
        }

        #expect(error?.attempts == 1)
    }

    @Test func `a refused signature is not tried again while the corrected clock agrees`() async throws {
        let refusal = refused("InvalidSignatureException", date: "Sun, 30 Aug 2015 12:56:00 GMT")
        let transport = ScriptedTransport(refusal, .status(200), refusal)
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock))
        _ = try await dynamoDB.getItem(input)

        let error = await #expect(throws: ServiceError.self) { _ = try await dynamoDB.getItem(input) }

        #expect(error?.attempts == 1)
        #expect(transport.requests.count == 3)
    }

    @Test func `a clock that is set in between is corrected by what is wrong with it then`() async throws {
        let transport = ScriptedTransport(
            refused("RequestTimeTooSkewed", date: "Sun, 30 Aug 2015 12:56:00 GMT"), .status(200),
            refused("RequestTimeTooSkewed", date: "Sun, 30 Aug 2015 12:16:00 GMT"), .status(200))
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock))

        _ = try await dynamoDB.getItem(input)
        _ = try await dynamoDB.getItem(input)

        #expect(
            transport.requests.map { $0.headers["X-Amz-Date"] }
                == ["20150830T123600Z", "20150830T125600Z", "20150830T125600Z", "20150830T121600Z"])
    }

    @Test func `a service that refuses the corrected time as well is asked twice`() async throws {
        let transport = ScriptedTransport { request, index in
            let minute = index.isMultiple(of: 2) ? 56 : 36
            return refused("RequestTimeTooSkewed", date: "Sun, 30 Aug 2015 12:\(minute):00 GMT")
        }

        let error = await #expect(throws: ServiceError.self) {
            _ = try await DynamoDB(try .scripted(transport, clock: clock)).getItem(input)
        }

        #expect(error?.attempts == 2)
        #expect(error?.description.contains("Set the machine's clock.") == true)
    }

    @Test func `a policy of one attempt learns for the next call`() async throws {
        let transport = ScriptedTransport(
            refused("RequestTimeTooSkewed", date: "Sun, 30 Aug 2015 12:56:00 GMT"), .status(200))
        let dynamoDB = DynamoDB(try .scripted(transport, clock: clock, retry: .never))

        await #expect(throws: ServiceError.self) { _ = try await dynamoDB.getItem(input) }
        _ = try await dynamoDB.getItem(input)

        #expect(transport.requests.count == 2)
    }
}
