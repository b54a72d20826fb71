/// When an exporter hands its sinks what was observed.
public enum MetricsFlush: Sendable, Hashable {
    /// After each invocation. Between two, Lambda freezes the process, and no interval would ever pass.
    case perInvocation
    /// Each time that so much time has passed, for processes that run on.
    case interval(Duration)
    /// Only when ``MetricsExporter/flush()`` is called, and at the end.
    case onDemand
}
