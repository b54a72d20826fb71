import Foundation
import TallyHTTP
import TallyMetrics
import TallyWire
import Testing

@testable import TallyAWS

/// Each row of the published rules, told by calls of a client.
///
/// The rows of `old_standard`, and the backoff of the kind `old`, are those of the mode before 2026, which Tally does
/// not have: they are no tests.
@Suite(.enabled(if: RetryCases.all != nil, "../shared/data is not here"))
struct RetryCasesTests {
    private let cases: RetryCases

    init() throws {
        cases = try #require(RetryCases.all)
    }

    private static let done = ScriptedTransport.Answer.status(200)
    /// Ends a call and leaves the quota as it is.
    private static let refused = ScriptedTransport.Answer.error("ValidationException")

    // MARK: - Rules

    @Test(arguments: RetryCases.all?.new_2026.keys.sorted() ?? [])
    func `every rule of 2026 is ours`(rule: String) async throws {
        switch rule {
        case "switch":
            #expect(try cases.text(rule).hasPrefix("AWS_NEW_RETRIES_2026=true until it becomes the default"))
            // The rules hold without any variable.
            #expect(try RetryPolicy { _ in nil } == .standard)
        case "max_attempts", "max_attempts_dynamodb_and_streams": try await checkAttempts(rule)
        case "bucket", "cost_transient", "cost_timeout", "cost_throttling": try await checkQuota(rule)
        case "refund_no_retry", "refund_after_retry": try await checkRefund(rule)
        case "base_transient_s", "base_transient_dynamodb_s", "base_throttling_s": try await checkBase(rule)
        case "cap_s", "cap_applied", "formula": try await checkFormula(rule)
        case "retry_after_header", "retry_after_rule": try await checkRetryAfter(rule)
        case "long_poll": #expect(RetryCases.longPolls.count == 4)
        default: Issue.record("no test knows the rule \(rule)")
        }
    }

    private func checkAttempts(_ rule: String) async throws {
        let services: [Service]
        if rule == "max_attempts" {
            services = Service.known.filter { ![.dynamoDB, .dynamoDBStreams].contains($0) }
        } else {
            services = [.dynamoDB, .dynamoDBStreams]
        }
        for service in services {
            let run = try await RetryRun([.unavailable], service: service)
            #expect(Double(run.attempts) == (try cases.number(rule)), "\(service.rawValue)")
            #expect(run.error?.attempts == run.attempts)
        }
    }

    private func checkQuota(_ rule: String) async throws {
        let bucket = try cases.number("bucket")
        let failures: [String: ScriptedTransport.Answer] = [
            "cost_transient": .unavailable, "cost_timeout": .broken(.timedOut), "cost_throttling": .throttled,
        ]
        guard let failure = failures[rule] else {
            let run = try await RetryRun([Self.refused])
            #expect(Double(run.tokens) == bucket)
            return
        }
        let run = try await RetryRun([failure, Self.refused])
        #expect(Double(run.tokens) == bucket - (try cases.number(rule)))
    }

    private func checkRefund(_ rule: String) async throws {
        if rule == "refund_no_retry" {
            let run = try await RetryRun([Self.done], start: 450)
            #expect(Double(run.tokens) == 450 + (try cases.number(rule)))
        } else {
            #expect(try cases.text(rule) == "last amount acquired")
            #expect(try await RetryRun([.throttled, .unavailable, Self.done]).tokens == 495)
            #expect(try await RetryRun([.unavailable, .throttled, Self.done]).tokens == 486)
        }
    }

    private func checkBase(_ rule: String) async throws {
        let failure = rule == "base_throttling_s" ? ScriptedTransport.Answer.throttled : .unavailable
        let isDynamoDB = rule == "base_transient_dynamodb_s"
        for service in isDynamoDB ? [Service.dynamoDB, .dynamoDBStreams] : [.kms, .s3, .sqs] {
            let run = try await RetryRun([failure, Self.done], service: service)
            #expect(run.seconds == [try cases.number(rule)], "\(service.rawValue)")
        }
    }

    private func checkFormula(_ rule: String) async throws {
        let cap = try cases.number("cap_s")
        switch rule {
        case "cap_s":
            #expect(try await RetryRun([.throttled], limit: 8).seconds.suffix(2) == [cap, cap])
        case "cap_applied":
            #expect(try cases.text(rule) == "before jitter")
            #expect(try await RetryRun([.throttled], limit: 8, random: 0.5).seconds.suffix(2) == [cap / 2, cap / 2])
        default:
            #expect(try cases.text(rule) == "rand(0,1)*min(base*2^(attempt-1),20)")
            #expect(try await RetryRun([.throttled], limit: 4, random: 0.25).seconds == [0.25, 0.5, 1])
            #expect(try await RetryRun([.throttled], limit: 4, random: 0).sleeps == [])
        }
    }

    private func checkRetryAfter(_ rule: String) async throws {
        let text = try cases.text(rule)
        func waits(_ value: String) async throws -> [Double] {
            let answer = ScriptedTransport.Answer.error("ThrottlingException", ["x-amz-retry-after": value])
            return try await RetryRun([answer, Self.done], random: 0.5).seconds
        }
        if rule == "retry_after_header" {
            #expect(text == "x-amz-retry-after, integer milliseconds")
            #expect(try await waits("700") == [0.7])
        } else {
            #expect(text == "delay=max(t,min(retry_after,t+5s)); not a non-negative integer -> ignored")
            for (value, seconds) in [
                ("499", 0.5), ("501", 0.501), ("5500", 5.5), ("5501", 5.5), ("-1", 0.5), ("1e3", 0.5), ("1000.0", 0.5),
            ] { #expect(try await waits(value) == [seconds], "\(value)") }
        }
    }

    // MARK: - Waits

    @Test(arguments: RetryCases.all?.backoff_rand1.filter { $0.kind != "old" } ?? [])
    func `a call waits as published`(row: RetryCases.Backoff) async throws {
        let kinds: [String: (ScriptedTransport.Answer, Service)] = [
            "transient": (.unavailable, .kms), "transient-dynamodb": (.unavailable, .dynamoDB),
            "throttling": (.throttled, .kms),
        ]
        let (failure, service) = try #require(kinds[row.kind], "no test knows the kind \(row.kind)")

        let run = try await RetryRun([failure], service: service, limit: row.delays_s.count + 1)

        #expect(run.seconds == row.delays_s)
    }

    @Test(arguments: RetryCases.all?.retry_after ?? [])
    func `a call waits as the service asks`(row: RetryCases.RetryAfter) async throws {
        let answer = ScriptedTransport.Answer.status(500, "", ["x-amz-retry-after": row.header])

        let run = try await RetryRun(
            [answer, Self.done], random: row.t / (try cases.number("base_transient_s")))

        #expect(run.seconds == [row.delay])
    }

    // MARK: - Quota

    @Test(arguments: RetryCases.all?.bucket ?? [])
    func `retries and successes move the quota`(row: RetryCases.Bucket) async throws {
        let service = row.service == "dynamodb" ? Service.dynamoDB : .kms
        #expect(row.service == nil || row.service == "dynamodb")
        var answers = try row.events.map { event -> ScriptedTransport.Answer in
            switch event {
            case "500 retry", "500 final": .status(500, "")
            case "throttle retry": .throttled
            case "timeout retry": .broken(.timedOut)
            case "success": Self.done
            case "400 no retry": Self.refused
            default: try #require(nil as ScriptedTransport.Answer?, "no test knows the event \(event)")
            }
        }
        if row.next != nil || row.fourth_failure != nil {
            answers.append(.status(500, ""))
        } else if row.events.last.map(Self.isRetry) == true {
            answers.append(Self.refused)
        }
        let isLimited = row.events.last?.hasSuffix("final") == true

        let run = try await RetryRun(
            answers, service: service, limit: isLimited ? row.events.count : nil, start: row.start)

        #expect(run.tokens == row.left)
        #expect(run.attempts == answers.count)
        #expect(run.sleeps.count == row.events.filter(Self.isRetry).count)
        if let next = row.next { #expect(next == "refused: error returned, RetryQuotaReached") }
        if let final = row.fourth_failure { #expect(final == "final: MaxAttemptsReached") }
        if isLimited || row.next != nil || row.fourth_failure != nil { #expect(run.error?.status == 500) }
    }

    private static func isRetry(_ event: String) -> Bool {
        event.hasSuffix(" retry") && !event.hasSuffix("no retry")
    }

    @Test(arguments: RetryCases.longPolls)
    func `a long poll pauses once where the quota is empty, and is not made again`(
        poll: RetryCases.LongPoll
    ) async throws {
        let services: [String: (Service, String)] = [
            "SQS": (.sqs, "AmazonSQS"), "SFN": (Service(rawValue: "states"), "AWSStepFunctions"),
            "SWF": (Service(rawValue: "swf"), "SimpleWorkflowService"),
        ]
        let (service, prefix) = try #require(services[poll.service], "no test knows \(poll.service)")

        let run = try await RetryRun(
            [.unavailable], service: service, target: "\(prefix).\(poll.operation)", start: 13)

        #expect(run.seconds == [try cases.number("base_transient_s")])
        #expect(run.attempts == 1)
        #expect(run.error?.status == 503)
        #expect(run.tokens == 13)
    }

    // MARK: - What is retried

    @Test(arguments: RetryCases.all?.transient.codes ?? [])
    func `a code of a transient failure is retried`(code: String) async throws {
        // PriorRequestNotComplete is in both lists, and then the longer wait holds, as in botocore.
        let isThrottling = cases.throttling_codes.contains(code)

        let run = try await RetryRun([.error(code), Self.done])

        #expect(run.seconds == [try cases.number(isThrottling ? "base_throttling_s" : "base_transient_s")])
        #expect(run.error == nil)
    }

    @Test(arguments: RetryCases.all?.transient.statuses ?? [], ["", "<html>no gateway</html>", #"{"__type":"Odd"}"#])
    func `a status of a transient failure is retried whatever its body`(status: Int, body: String) async throws {
        let run = try await RetryRun([.status(status, body), Self.done])

        #expect(run.seconds == [try cases.number("base_transient_s")])
        #expect(run.error == nil)
    }

    @Test(arguments: RetryCases.all?.transient.no_response.components(separatedBy: ", ") ?? [])
    func `a call without a response is retried`(failure: String) async throws {
        let kinds: [String: [TransportError.Code]] = [
            "connect error": [.unknownHost, .connectionFailed], "reset": [.connectionLost], "timeout": [.timedOut],
            "protocol error": [.invalidResponse],
        ]
        for code in try #require(kinds[failure], "no test knows the failure \(failure)") {
            let run = try await RetryRun([.broken(code), Self.done])

            #expect(run.seconds == [try cases.number("base_transient_s")])
            #expect(run.error == nil)
        }
    }

    @Test(arguments: RetryCases.all?.throttling_codes ?? [], [400, 429, 500, 503])
    func `a code of throttling is retried after a longer wait whatever its status`(
        code: String, status: Int
    ) async throws {
        let run = try await RetryRun([.error(code, status: status), Self.refused])

        #expect(run.seconds == [try cases.number("base_throttling_s")])
        #expect(Double(run.tokens) == (try cases.number("bucket")) - (try cases.number("cost_throttling")))
    }

    @Test(arguments: RetryCases.all?.also_retryable ?? [])
    func `what else is retryable is retried`(failure: String) async throws {
        switch failure {
        case "modelled errors with the retryable trait":
            // The only one in the models of DynamoDB, KMS, S3 and STS; other services' models Tally does not have.
            let run = try await RetryRun([.error("ReplicatedWriteConflictException"), Self.done], service: .dynamoDB)
            #expect(run.seconds == [try cases.number("base_transient_dynamodb_s")])
            #expect(try await RetryRun([.error("ReplicatedWriteConflictException")]).attempts == 1)
        case "STS IDPCommunicationError":
            let run = try await RetryRun([.error("IDPCommunicationError"), Self.done], service: .sts)
            #expect(run.seconds == [try cases.number("base_transient_s")])
            #expect(try await RetryRun([.error("IDPCommunicationError")]).attempts == 1)
        case "DynamoDB body whose CRC32 differs from x-amz-crc32":
            let broken = ScriptedTransport.Answer.status(200, "{}", ["x-amz-crc32": "1"])
            let run = try await RetryRun([broken, Self.done], service: .dynamoDB)
            #expect(run.seconds == [try cases.number("base_transient_dynamodb_s")])
            #expect(run.error == nil)
        default: Issue.record("no test knows the failure \(failure)")
        }
    }

    // MARK: - Headers

    @Test(arguments: RetryCases.all?.headers.keys.sorted() ?? [])
    func `each attempt says which one it is`(header: String) async throws {
        let run = try await RetryRun([.unavailable])
        let values = run.requests.map { $0.headers[header] }
        #expect(values.count == 3)
        switch header {
        case "amz-sdk-invocation-id":
            #expect(cases.headers[header] == "same UUID on every attempt of one call")
            #expect(Set(values).count == 1)
            #expect(values[0]?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
            #expect(try await RetryRun([Self.done]).requests[0].headers[header] != values[0])
        case "amz-sdk-request":
            #expect(cases.headers[header] == "attempt=N; max=M on the first attempt too")
            #expect(values == ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"])
        default: Issue.record("no test knows the header \(header)")
        }
    }
}
