import TallyWire

extension MetricsScope {
    /// What a call takes with it of its invocation's trace.
    package struct TraceOfCall {
        /// The value of `X-Amzn-Trace-Id` that the call's requests carry.
        package var header: String
        /// The id of the subsegment that is sent when the call has ended; `nil` when none is.
        package var subsegmentID: String?
    }

    /// The trace of a call that begins now; `nil` for an invocation without one.
    ///
    /// It goes on at level `none`, too: Lambda finds functions that call each other in circles by it.
    ///
    /// The service is told of the call's own subsegment only where one will be sent: a parent that nobody ever hears of
    /// would break the trace.
    package func traceOfCall() -> TraceOfCall? {
        if let parent { return parent.traceOfCall() }
        guard let trace = invocation.trace else { return nil }
        guard level != .none, emitter != nil, trace.isSampled == true, trace.parent != nil else {
            return TraceOfCall(header: trace.description)
        }
        let id = XRaySubsegment.randomID()
        return TraceOfCall(header: trace.header(parent: id), subsegmentID: id)
    }

    /// Sends the subsegment of a call, whether or not the invocation's line is already written.
    func sendSubsegment(of record: CallRecord, as id: String, endedAt end: Moment) {
        if let parent { return parent.sendSubsegment(of: record, as: id, endedAt: end) }
        guard let emitter, let trace = invocation.trace else { return }
        emitter.send(record, as: id, in: trace, endedAt: end)
    }
}
