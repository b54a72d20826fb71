/// Encodes one value, whose text is complete after ``finish()``.
final class JSONValueEncoder: Encoder {
    enum Form {
        case object
        case array
        case single
    }

    let sink: JSONSink
    let path: JSONPath?
    private var form: Form?
    /// Elements that were written, where the value is an array.
    private(set) var elementCount = 0

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
        case .object: sink.json.beginObject()
        case .array: sink.json.beginArray()
        case .single: break
        }
    }

    func finish() {
        if form == nil { begin(.object) }
        switch form {
        case .object: sink.json.endObject()
        case .array: sink.json.endArray()
        default: break
        }
    }

    /// Writes, or takes back what was written before an error: whoever catches it may go on with another value.
    func whole(_ write: () throws -> Void) throws {
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
        try whole {
            begin(.single)
            try sink.write(value, path: path)
        }
    }

    func encode(_ value: Float) throws {
        try whole {
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
        try whole {
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
