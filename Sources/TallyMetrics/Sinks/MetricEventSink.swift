/// A sink that sees each observation as it is made, beside the batches.
///
/// Whether a sink is one is looked at once, when the exporter is made.
public protocol MetricEventSink: MetricSink {
    /// Sees an observation.
    ///
    /// Called on the thread that made it, which waits: do not block.
    ///
    /// - Parameter observation: Metric, value and time.
    func observe(_ observation: MetricObservation)
}
