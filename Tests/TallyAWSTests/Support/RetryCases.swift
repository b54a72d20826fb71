import Foundation
import Synchronization
import TallyHTTP
import TallyMetrics
import Testing

@testable import TallyAWS

/// The published rules of retries as rows: `retry-cases.json` of the shared data.
struct RetryCases: Decodable, Sendable {
    /// What a rule says, in numbers or in words.
    enum Rule: Decodable, Sendable, Equatable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    struct Backoff: Decodable, Sendable, CustomTestStringConvertible {
        let kind: String
        let delays_s: [Double]

        var testDescription: String { kind }
    }

    struct RetryAfter: Decodable, Sendable, CustomTestStringConvertible {
        let header: String
        let t: Double
        let delay: Double

        var testDescription: String { header }
    }

    struct Bucket: Decodable, Sendable, CustomTestStringConvertible {
        let service: String?
        let start: Int?
        let events: [String]
        let left: Int
        let next: String?
        let fourth_failure: String?

        var testDescription: String { "\(events.joined(separator: ", ")) leaves \(left)" }
    }

    struct Transient: Decodable, Sendable {
        let codes: [String]
        let statuses: [Int]
        let no_response: String
    }

    /// An operation that the service holds open until there is work.
    struct LongPoll: Sendable, CustomTestStringConvertible {
        let service: String
        let operation: String

        var testDescription: String { "\(service) \(operation)" }
    }

    let new_2026: [String: Rule]
    let backoff_rand1: [Backoff]
    let retry_after: [RetryAfter]
    let bucket: [Bucket]
    let transient: Transient
    let throttling_codes: [String]
    let also_retryable: [String]
    let headers: [String: String]

    /// The file's rows; `nil` where the shared data is absent.
    static let all: RetryCases? = {
        guard let bytes = try? SharedData.bytes("retry-cases.json") else { return nil }
        do {
            return try JSONDecoder().decode(RetryCases.self, from: Data(bytes))
        } catch {
            fatalError("retry-cases.json: \(error)")
        }
    }()

    func number(_ rule: String) throws -> Double {
        guard case .number(let number)? = new_2026[rule] else { throw Missing(rule: rule) }
        return number
    }

    func text(_ rule: String) throws -> String {
        guard case .text(let text)? = new_2026[rule] else { throw Missing(rule: rule) }
        return text
    }

    /// The operations in `SQS ReceiveMessage, …, SWF PollForActivityTask/PollForDecisionTask: when the bucket …`.
    static let longPolls: [LongPoll] = {
        guard let rule = try? all?.text("long_poll") else { return [] }
        return rule.prefix { $0 != ":" }.split(separator: ", ").flatMap { entry in
            let words = entry.split(separator: " ")
            return words[1].split(separator: "/").map {
                LongPoll(service: String(words[0]), operation: String($0))
            }
        }
    }()

    private struct Missing: Error { let rule: String }
}

/// Calls of one client whose service answers from a script, its clock and its chance decided.
struct RetryRun {
    let error: ServiceError?
    let sleeps: [Duration]
    let requests: [Request]
    let tokens: Int

    var attempts: Int { requests.count }

    /// Makes one call, with `start` tokens in the service's quota, and tells what became of it.
    init(
        _ answers: [ScriptedTransport.Answer], service: Service = .kms, target: String = "Prefix.Operation",
        limit: Int? = nil, random: Double = 1, start: Int? = nil
    ) async throws {
        let clock = FixedClock(random: random)
        let transport = ScriptedTransport { _, index in answers[min(index, answers.count - 1)] }
        let client = try ServiceClient.scripted(
            transport, clock: clock, retry: RetryPolicy(maximumAttempts: limit), overrides: [:])
        if let start { client.quotas.withLock { $0[service] = RetryQuota(tokens: start) } }
        do {
            _ = try await client.call(service: service, target: target, body: Array("{}".utf8))
            error = nil
        } catch {
            self.error = error
        }
        sleeps = clock.sleeps
        requests = transport.requests
        tokens = client.quotas.withLock { $0[service]?.tokens } ?? RetryQuota.capacity
    }

    /// The waits in seconds: those of the file are binary fractions, so both are compared to the microsecond.
    var seconds: [Double] { sleeps.map { ($0 / .microseconds(1)).rounded() / 1_000_000 } }
}

extension Result<Response, TransportError> {
    /// An answer with an error code, as AWS's JSON services tell it.
    static func error(_ code: String, status: Int = 400, _ headers: Headers = [:]) -> Self {
        .status(status, #"{"__type":"\#(code)"}"#, headers)
    }
}
