/// Encodes one value, whose text is complete after ``finish()``.
final class JSONValueEncoder: Encoder {
    enum Form {
        case object
        case array
        case single
    }

    let sink: JSONSink
    let path: JSONPath?
    private(set) var form: Form?
    /// Elements that were written, where the value is an array.
    private(set) var elementCount = 0
    // What is known of an object's names: nearly all types have keys that are cases of an enumeration or a
    // dictionary's, for which a bit each or nothing will do. A list of names would cost a third of the encoding.
    private var start = 0
    private var keys: ObjectIdentifier?
    private var seenCases: UInt64 = 0
    private var names: JSONObjectNames?

    init(_ sink: JSONSink, path: JSONPath?) {
        self.sink = sink
        self.path = path
    }

    var codingPath: [any CodingKey] { path.keys }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Whether the value has asked for a container.
    var hasBegun: Bool { form != nil }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        begin(.object)
        if keys == nil {
            keys = ObjectIdentifier(type)
            if keys == DictionaryKeys.type {
                seenCases = .max
            } else if MemoryLayout<Key>.size > 1 {
                _ = listNames()
            }
        } else if seenCases == .max, names == nil {
            // Two dictionaries that are encoded as one object have names in common, perhaps.
            _ = listNames()
        }
        return KeyedEncodingContainer(JSONMemberWriter(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        begin(.array)
        return JSONElementWriter(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Begins the value; a class and what it inherits from may both ask for the same container.
    func begin(_ form: Form) {
        guard self.form == nil || (self.form == form && form != .single) else {
            fatalError("a value at \(codingPath.map(\.stringValue)) encodes itself twice; call one container only")
        }
        guard self.form == nil else { return }
        self.form = form
        switch form {
        case .object:
            sink.json.beginObject()
            start = sink.json.count
        case .array: sink.json.beginArray()
        case .single: break
        }
    }

    func finish() {
        if form == nil { begin(.object) }
        switch form {
        case .object:
            names?.end(in: sink)
            sink.json.endObject()
        case .array: sink.json.endArray()
        default: break
        }
    }

    /// Writes, or takes back what was written before an error: whoever catches it may go on with another value.
    func undoingOnError(_ write: () throws -> Void) throws {
        let (mark, before, count) = (sink.mark, form, elementCount)
        do {
            try write()
        } catch {
            sink.rollBack(to: mark)
            (form, elementCount) = (before, count)
            throw error
        }
    }

    func countElement() -> Int {
        defer { elementCount += 1 }
        return elementCount
    }

    // MARK: - Members

    /// Writes a member.
    ///
    /// One of its name that was there before is taken out, as with Foundation's coder: classes rely on it that encode
    /// again what they inherit, and no reader has to choose among two.
    func member<Key: CodingKey>(_ key: Key, _ value: () throws -> Void) rethrows {
        guard let names = names(before: key) else {
            sink.json.key(key.stringValue)
            return try value()
        }
        let member = sink.writeName(key.stringValue)
        try value()
        names.add(member, in: sink)
    }

    /// The names that the object has, `nil` where that of a key is certainly not among them.
    @inline(__always)
    private func names<Key: CodingKey>(before key: Key) -> JSONObjectNames? {
        if keys == ObjectIdentifier(Key.self) {
            if seenCases == .max { return nil }
            // Of one byte at most, which is the number of the case.
            let number = MemoryLayout<Key>.size == 0 ? 0 : withUnsafeBytes(of: key) { $0[0] }
            let bit = number < 63 ? UInt64(1) << number : 0
            if bit & ~seenCases != 0 {
                seenCases |= bit
                return nil
            }
        }
        return names ?? listNames()
    }

    private func listNames() -> JSONObjectNames {
        // Keys of no type from here on, so that every name is looked for.
        keys = ObjectIdentifier(Never.self)
        let names = JSONObjectNames(from: start, in: sink)
        self.names = names
        return names
    }

    /// Leaves room for a member's value that is written later, or finds what was left for the same container before.
    ///
    /// - Parameters:
    ///   - key: The member's name.
    ///   - form: The container that is asked for, `nil` for an encoder.
    /// - Returns: The encoder of the value.
    func hole<Key: CodingKey>(_ key: Key, _ form: Form?) -> JSONValueEncoder {
        let path = JSONPath(key, in: path)
        guard let names = names(before: key) else {
            sink.json.key(key.stringValue)
            return sink.makeHole(path: path)
        }
        let mark = sink.mark
        let member = sink.writeName(key.stringValue)
        if let form, let place = names.find(member, in: sink), let hole = sink.hole(of: sink.members[place]),
            hole.form == form
        {
            sink.rollBack(to: mark)
            return hole
        }
        let hole = sink.makeHole(path: path)
        names.add(member, in: sink)
        return hole
    }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws {
        begin(.single)
        sink.json.null()
    }

    func encode(_ value: Bool) throws {
        begin(.single)
        sink.json.bool(value)
    }

    func encode(_ value: String) throws {
        begin(.single)
        sink.json.string(value)
    }

    func encode(_ value: Double) throws {
        try undoingOnError {
            begin(.single)
            try sink.write(value, path: path)
        }
    }

    func encode(_ value: Float) throws {
        try undoingOnError {
            begin(.single)
            try sink.write(value, path: path)
        }
    }

    func encode(_ value: Int) throws { integer(value) }
    func encode(_ value: Int8) throws { integer(value) }
    func encode(_ value: Int16) throws { integer(value) }
    func encode(_ value: Int32) throws { integer(value) }
    func encode(_ value: Int64) throws { integer(value) }
    func encode(_ value: Int128) throws { integer(value) }
    func encode(_ value: UInt) throws { integer(value) }
    func encode(_ value: UInt8) throws { integer(value) }
    func encode(_ value: UInt16) throws { integer(value) }
    func encode(_ value: UInt32) throws { integer(value) }
    func encode(_ value: UInt64) throws { integer(value) }
    func encode(_ value: UInt128) throws { integer(value) }

    func encode<Value: Encodable>(_ value: Value) throws {
        try undoingOnError {
            begin(.single)
            try sink.write(value, path: path)
        }
    }

    /// Writes a number as it is.
    func encodeNumber(_ text: String) {
        begin(.single)
        sink.json.number(text: text)
    }

    private func integer(_ value: some BinaryInteger) {
        begin(.single)
        sink.json.integer(value)
    }
}
