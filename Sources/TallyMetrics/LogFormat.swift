/// How Lambda treats the lines of a function, as set in its logging configuration.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// Lines are stored as they are.
    case text = "Text"
    /// Lines are JSON objects, filtered by their `level`; one without a level is taken for `INFO`.
    case json = "JSON"
}
