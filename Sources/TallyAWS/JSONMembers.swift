import TallyWire

extension JSONWriter {
    /// Writes a member whose value is a text; `nil` writes nothing.
    mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    /// Writes a member whose value is a number; `nil` writes nothing.
    mutating func member(_ name: String, _ number: Int?) {
        guard let number else { return }
        key(name)
        integer(number)
    }

    /// Writes a member that is only written when it is true.
    mutating func member(_ name: String, ifTrue flag: Bool) {
        guard flag else { return }
        key(name)
        bool(true)
    }

    /// Writes a member whose value is an item; `nil` writes nothing.
    mutating func member(_ name: String, _ item: WireItem?) {
        guard let item else { return }
        key(name)
        item.write(to: &self)
    }

    /// Writes a member whose value is an object with the members that `body` writes.
    mutating func object<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        beginObject()
        try body(&self)
        endObject()
    }

    /// Writes a member whose value is an array of objects; nothing when there is no element.
    mutating func objects<Element, Failure: Error>(
        _ name: String, _ elements: [Element], _ body: (Element, inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        guard !elements.isEmpty else { return }
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            try body(element, &self)
            endObject()
        }
        endArray()
    }
}

extension JSONReader {
    /// Reads an object: `body` reads the members that it knows, and returns whether it did.
    ///
    /// Unknown members are passed over, and those that are null: AWS's protocols allow null for every absent member.
    mutating func members(
        _ body: (Range<Int>, inout JSONReader) throws(JSONError) -> Bool
    ) throws(JSONError) {
        try beginObject()
        while let key = try nextKey() {
            if try peekKind() == .null {
                try null()
            } else if try !body(key, &self) {
                _ = try skipValue()
            }
        }
    }

    /// Reads an array, element by element.
    mutating func elements(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try beginArray()
        while try nextElement() { try body(&self) }
    }

    /// Reads an array of items, which share the bytes of `buffer`, the whole that is read.
    mutating func items(in buffer: [UInt8]) throws(JSONError) -> [WireItem] {
        var items: [WireItem] = []
        try elements { (reader) throws(JSONError) in
            items.append(WireItem(buffer: buffer, range: try reader.skipValue()))
        }
        return items
    }

    /// Reads seconds since 1970, with decimals, as AWS's JSON writes times.
    mutating func timestamp() throws(JSONError) -> Timestamp {
        Timestamp(milliseconds: Int64((try double() * 1_000).rounded()))
    }
}
