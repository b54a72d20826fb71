// What a function meets in its context and its answers: metrics, logs, JSON values, times.
@_exported public import TallyMetrics
@_exported public import TallyWire
