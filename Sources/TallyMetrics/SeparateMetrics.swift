/// Metrics with dimensions or a namespace of their own, see ``InvocationMetrics/separate(namespace:dimensions:)``.
///
///     let parcels = context.metrics.separate(namespace: "Shop", dimensions: ["carrier": "dhl"])
///     parcels.add("ParcelsSent", 2, .count)
///     parcels.add("PackingTime", elapsed)
public struct SeparateMetrics: MetricAdding {
    let scope: MetricsScope?
    let place: MetricAddition.Place

    /// Adds a value to a metric of its own lines.
    public func add(_ name: String, _ value: Double, _ unit: MetricUnit, resolution: MetricResolution) {
        MetricsScope.add(.value(value, name: name, unit, resolution, at: place), in: scope)
    }
}
