public import TallyMetrics

/// A value type that is stored as one DynamoDB item.
///
///     struct Note: Model {
///         let pk: String
///         var text: String
///
///         static let schema = Schema(
///             table: "notes",
///             Note.init,
///             .partitionKey("pk", \.pk),
///             .attribute("text", \.text)
///         )
///     }
///
/// Declare `schema` as `static let`, so that it is built once.
public protocol Model: Sendable {
    /// How the type becomes an item and an item the type.
    static var schema: Schema<Self> { get }
}

// MARK: - Metrics

extension Model {
    /// The name under which the type's calls are accounted for.
    public static var metricsName: ModelName { schema.modelName }

    /// What this model's calls have taken in the invocation, since the last ``resetMetrics()``.
    ///
    /// Empty, with `isRecorded` false, outside any scope and at level `none`.
    public static var totalMetrics: MetricsSnapshot {
        MetricsScope.current?.snapshot(for: metricsName) ?? .unrecorded
    }

    /// This model's last call in the invocation, `nil` before the first.
    public static var lastMetrics: CallRecord? {
        MetricsScope.current?.last(for: metricsName)
    }

    /// Lets ``totalMetrics`` count from here.
    ///
    /// The invocation's own figures and its line are unaffected.
    public static func resetMetrics() {
        MetricsScope.current?.reset(metricsName)
    }
}
