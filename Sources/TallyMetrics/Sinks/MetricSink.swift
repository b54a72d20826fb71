/// Takes metrics to where they are kept.
///
/// A ``MetricsExporter`` opens it, hands it batches one after another, and closes it. Each observation is in one batch;
/// what an export could not place may come again, added to the next.
///
/// A sink throws ``MetricSinkError`` where it knows what became of the batch. After any other error none of it counts
/// as taken: all of it comes again, in at most three further exports. An export that takes longer than its time limit
/// is cancelled, and its batch counts as lost, since nobody can tell whether it arrived. Neither delays or harms other
/// sinks.
///
/// A test that a sink should pass:
///
///     let sink = MySink()
///     let exporter = MetricsExporter(service: "test", sinks: [sink], flush: .onDemand)
///     await exporter.run {
///         exporter.record(1, of: MetricKey("Parcels", unit: .count))
///         await exporter.flush()
///         await exporter.flush()                       // exports nothing: there is nothing new
///         exporter.record(2, of: MetricKey("Parcels", unit: .count))
///     }                                                // exports the 2
///     #expect(exporter.lostObservations.isEmpty)
public protocol MetricSink: Sendable {
    /// The name under which its losses are told; that of its type unless it says otherwise.
    var name: String { get }

    /// Prepares for the first batch.
    ///
    /// - Throws: Anything; it is tried again before the next export.
    func open() async throws

    /// Places a batch, which is not empty.
    ///
    /// - Parameter batch: What was observed since the last export.
    /// - Throws: Whatever kept it from that, see ``MetricSink``.
    func export(_ batch: MetricBatch) async throws

    /// Gives back what ``open()`` took; no batch follows.
    func close() async
}

extension MetricSink {
    /// The name of the type.
    public var name: String { String(describing: type(of: self)) }

    /// Does nothing.
    public func open() async throws {}

    /// Does nothing.
    public func close() async {}
}
