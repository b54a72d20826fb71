public import TallyWire

/// A value that a log line can hold.
///
/// Deliberately few types conform: what is logged should be a figure or a name, never a whole event or item.
public protocol LogValue: Sendable {
    /// Writes the value as one JSON value.
    ///
    /// - Parameter json: Where to.
    func write(to json: inout JSONWriter)
}

extension LogValue {
    /// The value for people: text as it is, anything else as JSON.
    public var text: String {
        if let text = self as? String { return text }
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension String: LogValue {
    /// Writes a JSON string.
    public func write(to json: inout JSONWriter) {
        json.string(self)
    }
}

extension Bool: LogValue {
    /// Writes `true` or `false`.
    public func write(to json: inout JSONWriter) {
        json.bool(self)
    }
}

extension Int: LogValue {
    /// Writes a whole number.
    public func write(to json: inout JSONWriter) {
        json.integer(self)
    }
}

extension Double: LogValue {
    /// Writes a number; what JSON has no number for is written as text (`"nan"`, `"inf"`).
    public func write(to json: inout JSONWriter) {
        if isFinite {
            json.number(self)
        } else {
            json.string(description)
        }
    }
}

extension Duration: LogValue {
    /// Writes milliseconds with three decimals.
    public func write(to json: inout JSONWriter) {
        json.milliseconds(self)
    }
}

extension Optional: LogValue where Wrapped: LogValue {
    /// Writes the value, or `null`.
    public func write(to json: inout JSONWriter) {
        if let self {
            self.write(to: &json)
        } else {
            json.null()
        }
    }
}

extension Array: LogValue where Element: LogValue {
    /// Writes an array of the values.
    public func write(to json: inout JSONWriter) {
        json.beginArray()
        for element in self {
            element.write(to: &json)
        }
        json.endArray()
    }
}
