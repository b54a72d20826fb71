import Tally
import TallyHTTP
import TallyMetrics
import TallyWire

@testable import TallyRuntime

extension Context {
    /// Of an invocation that has a day left, or as long as it is told.
    static func forTest(_ scope: MetricsScope, secondsLeft: Int = 86_400) throws -> Context {
        let deadline = Timestamp.now().milliseconds + Int64(secondsLeft * 1000)
        let headers: Headers = ["Lambda-Runtime-Aws-Request-Id": "r", "Lambda-Runtime-Deadline-Ms": "\(deadline)"]
        return Context(
            try Invocation(Response(status: 200, headers: headers)), isColdStart: false,
            logger: Logger(minimumLevel: .fatal), scope: scope)
    }
}
