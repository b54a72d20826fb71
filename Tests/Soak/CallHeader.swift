import TallyAWS
import TallyHTTP

/// Tells the server which call a request is of, and bounds the time of calls that are to run out of it.
struct CallHeader: CallMiddleware {
    /// The call that the current task makes.
    @TaskLocal static var call = 0
    /// The invocation that it is part of.
    @TaskLocal static var invocation = 0

    let plan: SoakPlan

    func willSend(_ request: inout Request, for attempt: CallAttempt) {
        request.headers.add("x-soak-call", "\(Self.invocation)/\(Self.call)")
        // What never comes is given up by the call's plan; a machine that is busy must not look like it.
        request.timeouts.idle = .seconds(120)
        if case .timedOut(let bound) = plan.ending(of: Self.call) { request.timeouts.total = bound }
    }
}
