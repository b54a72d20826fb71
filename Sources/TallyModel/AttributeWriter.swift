public import TallyWire

/// Writes attribute values in DynamoDB's JSON, `{"S":"text"}`, straight into an item's bytes.
public struct AttributeWriter {
    @usableFromInline var json: JSONWriter
    /// The attribute whose value comes next, which is part of what a secret is bound to; `nil` for items without.
    private(set) var attribute: JSONKey?
    /// What encrypts secrets; `nil` for items without.
    let sealer: ItemSealer?
    /// Why what was written must not be stored: the first reason given to ``refuse(_:)``.
    @usableFromInline private(set) var refusal: AttributeError?

    init(capacity: Int = 512, sealer: ItemSealer? = nil) {
        json = JSONWriter(capacity: capacity)
        self.sealer = sealer
    }

    /// Writes a string.
    ///
    /// - Parameter text: The string.
    @inlinable
    public mutating func string(_ text: String) {
        begin(.string)
        json.string(text)
        json.endObject()
    }

    /// Writes an integer.
    ///
    /// - Parameter value: The integer.
    public mutating func integer(_ value: some BinaryInteger) {
        number(text: String(value))
    }

    /// Writes a number by its decimal text.
    ///
    /// - Parameter text: A decimal that DynamoDB can store.
    @inlinable
    public mutating func number(text: String) {
        begin(.number)
        json.string(text)
        json.endObject()
    }

    /// Writes a Boolean.
    ///
    /// - Parameter value: The Boolean.
    @inlinable
    public mutating func bool(_ value: Bool) {
        begin(.bool)
        json.bool(value)
        json.endObject()
    }

    /// Writes DynamoDB's NULL.
    public mutating func null() {
        begin(.null)
        json.bool(true)
        json.endObject()
    }

    /// Writes bytes.
    ///
    /// - Parameter bytes: The bytes.
    public mutating func binary(_ bytes: some Collection<UInt8>) {
        begin(.binary)
        json.base64(bytes)
        json.endObject()
    }

    /// Writes a set of strings, or nothing when it is empty, since DynamoDB has no empty set.
    ///
    /// - Parameter texts: The strings.
    public mutating func stringSet(_ texts: some Collection<String>) {
        set(.stringSet, texts)
    }

    /// Writes a set of numbers, or nothing when it is empty, since DynamoDB has no empty set.
    ///
    /// - Parameter texts: The numbers' decimal texts.
    public mutating func numberSet(_ texts: some Collection<String>) {
        set(.numberSet, texts)
    }

    /// Writes any value.
    ///
    /// - Parameter value: The value.
    public mutating func value(_ value: AttributeValue) {
        value.write(to: &json)
    }

    /// Keeps what is being written from being stored, instead of writing a value that DynamoDB cannot hold.
    ///
    /// The save then throws a ``ModelError`` that names the attribute.
    ///
    /// - Parameter error: What was expected and what was seen, without the value itself.
    public mutating func refuse(_ error: AttributeError) {
        refusal = refusal ?? error
    }

    mutating func locateRefusal(in member: String) {
        refusal = refusal?.located(in: member)
    }

    /// Writes a list; an element that writes nothing becomes NULL, so that the others keep their places.
    ///
    /// - Parameters:
    ///   - elements: The elements.
    ///   - write: Writes one element.
    @inlinable
    public mutating func list<Element>(
        _ elements: some Sequence<Element>, _ write: (Element, inout AttributeWriter) -> Void
    ) {
        begin(.list)
        json.beginArray()
        for element in elements {
            let before = json.count
            write(element, &self)
            if json.count == before { null() }
        }
        json.endArray()
        json.endObject()
    }

    /// Writes a map.
    ///
    /// - Parameters:
    ///   - members: Names and values.
    ///   - write: Writes one value.
    @inlinable
    public mutating func map<Element>(
        _ members: some Sequence<(key: String, value: Element)>, _ write: (Element, inout AttributeWriter) -> Void
    ) {
        begin(.map)
        json.beginObject()
        for (name, value) in members {
            let mark = beginMember(name)
            write(value, &self)
            endMember(mark)
        }
        json.endObject()
        json.endObject()
    }

    private mutating func set(_ type: AttributeType, _ texts: some Collection<String>) {
        guard !texts.isEmpty else { return }
        begin(type)
        json.beginArray()
        // Sorted, so that equal models have equal bytes.
        for text in texts.sorted() { json.string(text) }
        json.endArray()
        json.endObject()
    }

    @usableFromInline
    mutating func begin(_ type: AttributeType) {
        json.begin(type.opening)
    }

    // MARK: - Members

    /// The places before a member and behind its name.
    @usableFromInline
    struct MemberMark {
        let start: JSONWriter.Mark
        let value: Int
    }

    /// Names the value that comes next.
    @usableFromInline
    mutating func beginMember(_ name: String) -> MemberMark {
        let start = json.mark
        json.key(name)
        return MemberMark(start: start, value: json.count)
    }

    /// Names the value that comes next.
    @usableFromInline
    mutating func beginMember(_ key: JSONKey) -> MemberMark {
        let start = json.mark
        json.key(key)
        if sealer != nil { attribute = key }
        return MemberMark(start: start, value: json.count)
    }

    /// Takes the name back when no value came, so that one that stands for an absent attribute leaves none.
    @usableFromInline
    mutating func endMember(_ mark: MemberMark) {
        if json.count == mark.value { json.rollBack(to: mark.start) }
    }
}
