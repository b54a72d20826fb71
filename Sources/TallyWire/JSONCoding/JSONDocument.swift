/// A JSON text that was read once and is valid throughout: where each of its values stands, so that members can be
/// taken in any order.
final class JSONDocument: Sendable {
    /// A value, or the name of a member, which stands before the member's value.
    struct Value {
        let kind: JSONReader.Kind
        /// Of a string, where it begins behind its quotation mark.
        let start: UInt32
        /// Of an object or array, how many members or elements it has instead.
        var end: UInt32
        /// The index of what follows the value and all within it.
        var next: UInt32
        /// The index of the object or array that it is in.
        let parent: UInt32
        /// Of an element, how many are before it.
        let number: UInt32
    }

    let bytes: [UInt8]
    private let values: [Value]
    /// What leads to the whole, where it stands for a member that another text has not.
    private let place: [any CodingKey]

    /// Whether this stands for a member that another text has not.
    var isMissing: Bool { !place.isEmpty }

    /// Stands for a member that is not there, as null.
    ///
    /// - Parameter place: What would lead to it.
    init(missingAt place: [any CodingKey]) {
        self.place = place
        bytes = Array("null".utf8)
        values = [Value(.null, 0..<4, index: 0, parent: 0, number: 0)]
    }

    /// Reads a text.
    ///
    /// - Throws: ``JSONError`` when it is not JSON, nested too deeply or longer than 4 GiB.
    init(_ bytes: [UInt8], maximumDepth: Int) throws(JSONError) {
        guard bytes.count < UInt32.max else {
            throw JSONError(.tooLong, offset: 0, "\(bytes.count) bytes are more than this reader takes")
        }
        self.bytes = bytes
        place = []
        values = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            var reader = JSONReader(UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth)
            return try Self.values(&reader)
        }
    }

    /// - Complexity: O(bytes); it does not recurse, whatever the depth.
    private static func values(_ reader: inout JSONReader) throws(JSONError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(64)
        var containers: [(index: Int, count: Int)] = []
        repeat {
            let kind = try reader.peekKind()
            var range = reader.offset..<reader.offset
            switch kind {
            case .object: try reader.beginObject()
            case .array: try reader.beginArray()
            case .string: range = try reader.rawString()
            case .number: range = try reader.rawNumber()
            case .bool: _ = try reader.bool()
            case .null: try reader.null()
            }
            if kind == .bool || kind == .null { range = range.lowerBound..<reader.offset }
            let place = containers.last ?? (0, 0)
            values.append(Value(kind, range, index: values.count, parent: place.index, number: place.count))
            if !containers.isEmpty { containers[containers.count - 1].count += 1 }
            if kind == .object || kind == .array { containers.append((values.count - 1, 0)) }

            while let (container, count) = containers.last {
                if values[container].kind == .object {
                    if let name = try reader.nextKey() {
                        values.append(
                            Value(.string, name, index: values.count, parent: container, number: count))
                        break
                    }
                } else if try reader.nextElement() {
                    break
                }
                values[container].end = UInt32(count)
                values[container].next = UInt32(values.count)
                containers.removeLast()
            }
        } while !containers.isEmpty
        try reader.finish()
        return values
    }

    // MARK: - Values

    func kind(_ index: Int) -> JSONReader.Kind { values[index].kind }

    /// The index of what follows the value and all within it.
    func next(_ index: Int) -> Int { Int(values[index].next) }

    /// How many members or elements an object or array has.
    func count(of index: Int) -> Int { Int(values[index].end) }

    /// Where a value stands that is no object or array; a string between its quotation marks.
    func range(_ index: Int) -> Range<Int> { Int(values[index].start)..<Int(values[index].end) }

    /// The text of a string.
    func text(_ index: Int) -> String { read { $0.text(in: range(index)) } }

    func bool(_ index: Int) -> Bool { bytes[Int(values[index].start)] == UInt8(ascii: "t") }

    private func read<Result, Failure: Error>(
        _ body: (JSONReader) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            try body(JSONReader(UnsafeRawBufferPointer(buffer)))
        }
    }

    // MARK: - Containers

    /// The values within an object or array, which are the values of members or elements, in their order.
    func children(of index: Int) -> some Sequence<Int> {
        let isObject = kind(index) == .object
        let end = next(index)
        return sequence(state: index + 1) { position -> Int? in
            guard position < end else { return nil }
            let child = isObject ? position + 1 : position
            position = self.next(child)
            return child
        }
    }

    /// The value of the member that has a name; of those that occur twice the last counts, as in JavaScript and Python.
    func member(_ name: String, of object: Int) -> Int? {
        var name = name
        return name.withUTF8 { name in
            read { reader in
                var position = object + 1
                let end = next(object)
                var found: Int?
                while position < end {
                    if reader.matches(range(position), UnsafeRawBufferPointer(name)) { found = position + 1 }
                    position = next(position + 1)
                }
                return found
            }
        }
    }

    /// What leads from the root to a value: names of members and numbers of elements.
    ///
    /// - Complexity: O(depth).
    func path(to index: Int) -> [any CodingKey] {
        var path: [any CodingKey] = []
        var index = index
        while index != 0 {
            let parent = parent(of: index)
            let isMember = kind(parent) == .object
            path.append(isMember ? JSONCodingKey(text(index - 1)) : JSONCodingKey(Int(values[index].number)))
            index = parent
        }
        return place + path.reversed()
    }

    /// The object or array that a value lies in; the root for itself.
    func parent(of index: Int) -> Int { Int(values[index].parent) }

    /// The value at the end of a path, or the last on the way that there is.
    func value(at path: some Sequence<any CodingKey>) -> Int {
        var index = 0
        for key in path {
            let child =
                switch kind(index) {
                case .object: member(key.stringValue, of: index)
                case .array:
                    key.intValue.flatMap { number in children(of: index).first { values[$0].number == number } }
                default: Int?.none
                }
            guard let child else { break }
            index = child
        }
        return index
    }
}

extension JSONDocument.Value {
    fileprivate init(_ kind: JSONReader.Kind, _ range: Range<Int>, index: Int, parent: Int, number: Int) {
        self.kind = kind
        (start, end) = (UInt32(range.lowerBound), UInt32(range.upperBound))
        next = UInt32(index + 1)
        (self.parent, self.number) = (UInt32(parent), UInt32(number))
    }
}
