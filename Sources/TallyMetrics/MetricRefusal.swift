/// Why something that a handler added to its metrics is not taken: what was seen, and what to do.
struct MetricRefusal: Error, Hashable, CustomStringConvertible {
    /// What the handler called it, for the one warning that each name gets.
    let name: String
    let reason: String

    var description: String { "metrics \(quoted(name)): \(reason)" }
}

/// `value` as it may stand in a message: short and on one line.
func quoted(_ value: String) -> String {
    let head = value.prefix(80)
    return head.debugDescription + (head.endIndex == value.endIndex ? "" : "…")
}
