import Synchronization
import TallyWire

/// How far the machine's clock is from AWS's, learnt from the answers to requests whose time was refused.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
final class ClockSkew: Sendable {
    // 4 min: below it a refused signature has another cause, since services accept 5 min (S3 15 min).
    private static let tolerance = Duration.seconds(240)
    private static let definiteCodes: Set<String> = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]
    private static let possibleCodes: Set<String> = [
        "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    ]

    private let offset = Mutex(Duration.zero)

    /// The time to sign with.
    func corrected(_ wallTime: Timestamp) -> Timestamp {
        wallTime + offset.withLock { $0 }
    }

    /// Learns from a refused request, at a time of the machine's clock; `true` when one signed anew may be accepted.
    func learn(from error: ServiceError, at wallTime: Timestamp) -> Bool {
        let code = error.code.rawValue
        guard Self.definiteCodes.contains(code) || Self.possibleCodes.contains(code),
            let serverTime = error.serverTime
        else { return false }
        let difference = wallTime.duration(to: serverTime)
        return offset.withLock { offset in
            let change = difference - offset
            guard change > Self.tolerance || change < .zero - Self.tolerance else { return false }
            offset = difference
            return true
        }
    }
}

extension Timestamp {
    fileprivate func duration(to other: Timestamp) -> Duration {
        .nanoseconds(other.nanosecondsSinceEpoch - nanosecondsSinceEpoch)
    }
}
