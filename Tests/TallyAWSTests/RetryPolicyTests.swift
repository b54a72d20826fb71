import Foundation
import TallyMetrics
import Testing

@testable import TallyAWS

struct RetryPolicyTests {
    private let policy = RetryPolicy.standard
    private let other = Service(rawValue: "SQS")

    @Test func `a call has three attempts, one to DynamoDB four`() {
        #expect(policy.attempts(for: .s3) == 3)
        #expect(policy.attempts(for: .dynamoDB) == 4)
        #expect(RetryPolicy(maximumAttempts: 7).attempts(for: .dynamoDB) == 7)
        #expect(RetryPolicy(maximumAttempts: 0).attempts(for: .s3) == 1)
    }

    @Test(arguments: [
        (RetryPolicy.Reason.transient, Service.kms, [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000]),
        (.transient, .dynamoDB, [25, 50, 100]),
        (.throttling, .dynamoDB, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]),
    ])
    func `the wait doubles up to its cap`(reason: RetryPolicy.Reason, service: Service, milliseconds: [Int]) {
        let waits = (1...milliseconds.count).map { policy.delay(after: $0, reason, service: service, random: 1) }

        #expect(waits == milliseconds.map { .milliseconds($0) })
    }

    @Test func `jitter is over the whole wait and the cap comes before it`() {
        #expect(policy.delay(after: 1, .throttling, service: other, random: 0) == .zero)
        #expect(policy.delay(after: 40, .throttling, service: other, random: 0.5) == .seconds(10))
        #expect(policy.delay(after: .max, .throttling, service: other, random: 1) == .seconds(20))
    }

    @Test(arguments: [
        ("1500", 1_500), ("0", 50), ("10000", 5_050), ("invalid", 50), ("-100", 50), ("", 50),
        ("99999999999999999999", 50),
    ])
    func `the service's own wait counts up to 5 s more`(header: String, milliseconds: Int) {
        let wait = policy.delay(after: 1, .transient, service: other, random: 1, retryAfter: header)

        #expect(wait == .milliseconds(milliseconds))
    }

    @Test func `codes and statuses decide, a throttling code whatever its status`() {
        #expect(RetryPolicy.reason(code: "SlowDown", status: 503) == .throttling)
        #expect(RetryPolicy.reason(code: "ThrottlingException", status: 400) == .throttling)
        #expect(RetryPolicy.reason(code: "RequestTimeout", status: 400) == .transient)
        for status in [500, 502, 503, 504] { #expect(RetryPolicy.reason(code: "X", status: status) == .transient) }
        for status in [301, 400, 403, 404, 409, 412, 501] {
            #expect(RetryPolicy.reason(code: "BadDigest", status: status) == nil)
        }
    }

    @Test(arguments: ["legacy", "adaptive", "Standard", "2026"])
    func `another mode than standard is refused with what to set`(mode: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RetryPolicy { $0 == "AWS_RETRY_MODE" ? mode : nil }
        }

        #expect(error?.description == "AWS_RETRY_MODE: \"\(mode)\" is not supported. Unset it or set it to standard.")
    }

    @Test func `the environment's attempts hold for every service`() throws {
        #expect(try RetryPolicy { $0 == "AWS_MAX_ATTEMPTS" ? "2" : "" } == RetryPolicy(maximumAttempts: 2))
        #expect(try RetryPolicy { _ in nil } == .standard)
        for value in ["0", "-1", "three", "2.5"] {
            #expect(throws: ConfigurationError.self) { try RetryPolicy { $0 == "AWS_MAX_ATTEMPTS" ? value : nil } }
        }
    }
}

struct RetryQuotaTests {
    @Test func `a retry takes tokens, and a success gives back what the last one took`() {
        var quota = RetryQuota()
        let hasTaken = quota.take(14)
        #expect(hasTaken)
        #expect(quota.tokens == 486)

        quota.succeed(lastTaken: 14)
        #expect(quota.tokens == 500)

        quota.succeed(lastTaken: nil)
        #expect(quota.tokens == 500)
    }

    @Test func `a success without a retry gives back one token`() {
        var quota = RetryQuota(tokens: 450)

        quota.succeed(lastTaken: nil)

        #expect(quota.tokens == 451)
    }

    @Test func `the last tokens can be taken, and then no more`() {
        var quota = RetryQuota(tokens: 14)

        let first = quota.take(14)
        let second = quota.take(5)

        #expect(first && !second)
        #expect(quota.tokens == 0)
    }
}
