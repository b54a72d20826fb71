/// Takes the text of one value as it is encoded.
final class JSONSink {
    let times: JSONCoder.TimeFormat
    var json = JSONWriter()
    /// Containers that may be written to until all else is, and where in the text they belong.
    var holes: [(offset: Int, encoder: JSONValueEncoder)] = []
    /// The members of the objects that are being written, those of an object behind those of what it is in.
    var members: [Member] = []

    init(times: JSONCoder.TimeFormat) {
        self.times = times
    }

    /// The whole text, once nothing more is written.
    var bytes: [UInt8] {
        guard !holes.isEmpty else { return json.bytes }
        var whole: [UInt8] = []
        var written = 0
        for (offset, encoder) in holes {
            whole += json.bytes[written..<offset]
            encoder.finish()
            whole += encoder.sink.bytes
            written = offset
        }
        return whole + json.bytes[written...]
    }

    /// A place in the text to come back to.
    struct Mark {
        let text: JSONWriter.Mark
        let holeCount: Int
    }

    var mark: Mark { Mark(text: json.mark, holeCount: holes.count) }

    func rollBack(to mark: Mark) {
        json.rollBack(to: mark.text)
        holes.removeLast(holes.count - mark.holeCount)
        while let last = members.last, last.start >= json.count { members.removeLast() }
    }

    /// Leaves room for a value that is written later.
    func makeHole(path: JSONPath?) -> JSONValueEncoder {
        let encoder = JSONValueEncoder(JSONSink(times: times), path: path)
        json.separate()
        holes.append((json.count, encoder))
        return encoder
    }

    /// Writes a value that is complete when this returns.
    func write<Value: Encodable>(_ value: Value, path: JSONPath?) throws {
        if Value.self == Timestamp.self, let time = value as? Timestamp { return write(time) }
        // What arrays and dictionaries mostly hold, without an encoder for each. SAFETY: the types are the same.
        if Value.self == String.self { return json.string(unsafeBitCast(value, to: String.self)) }
        if Value.self == Int.self { return json.integer(unsafeBitCast(value, to: Int.self)) }
        if let foreign = FoundationValue(Value.self) { return try foreign.write(value, to: self, path: path) }
        let encoder = JSONValueEncoder(self, path: path)
        try value.encode(to: encoder)
        guard encoder.hasBegun || path != nil else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: [], debugDescription: "\(Value.self) encodes nothing"))
        }
        encoder.finish()
    }

    func write(_ time: Timestamp) {
        switch times {
        case .seconds: json.number(Double(time.milliseconds) / 1000)
        case .milliseconds: json.integer(time.milliseconds)
        default: json.string(time.iso8601)
        }
    }

    func write(_ value: some BinaryFloatingPoint & LosslessStringConvertible, path: JSONPath?) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value,
                EncodingError.Context(codingPath: path.keys, debugDescription: "JSON has no number for \(value)"))
        }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus {
            json.integer(whole)
        } else {
            // The fewest digits that read back as the same number of its type.
            json.number(text: value.description)
        }
    }
}

/// The keys that lead to a value, the last first; a list, since nobody asks for it but errors.
final class JSONPath {
    let key: any CodingKey
    let parent: JSONPath?

    init(_ key: any CodingKey, in parent: JSONPath?) {
        self.key = key
        self.parent = parent
    }
}

extension JSONPath? {
    /// The keys, the first first.
    var keys: [any CodingKey] {
        var keys: [any CodingKey] = []
        var path = self
        while let last = path {
            keys.append(last.key)
            path = last.parent
        }
        return keys.reversed()
    }
}
