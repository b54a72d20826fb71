public import TallyWire

/// Writes attribute values in DynamoDB's JSON, `{"S":"text"}`, straight into an item's bytes.
public struct AttributeWriter {
    @usableFromInline var json: JSONWriter
    /// The name of the attribute whose value comes next.
    ///
    /// It is written with the value, so that a value that writes nothing leaves no attribute.
    @usableFromInline var pendingName: String?
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
        begin("S")
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
        begin("N")
        json.string(text)
        json.endObject()
    }

    /// Writes a Boolean.
    ///
    /// - Parameter value: The Boolean.
    @inlinable
    public mutating func bool(_ value: Bool) {
        begin("BOOL")
        json.bool(value)
        json.endObject()
    }

    /// Writes DynamoDB's NULL.
    public mutating func null() {
        begin("NULL")
        json.bool(true)
        json.endObject()
    }

    /// Writes bytes.
    ///
    /// - Parameter bytes: The bytes.
    public mutating func binary(_ bytes: some Collection<UInt8>) {
        begin("B")
        json.base64(bytes)
        json.endObject()
    }

    /// Writes a set of strings, or nothing when it is empty, since DynamoDB has no empty set.
    ///
    /// - Parameter texts: The strings.
    public mutating func stringSet(_ texts: some Collection<String>) {
        set("SS", texts)
    }

    /// Writes a set of numbers, or nothing when it is empty, since DynamoDB has no empty set.
    ///
    /// - Parameter texts: The numbers' decimal texts.
    public mutating func numberSet(_ texts: some Collection<String>) {
        set("NS", texts)
    }

    /// Writes any value.
    ///
    /// - Parameter value: The value.
    public mutating func value(_ value: AttributeValue) {
        writeName()
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

    @usableFromInline
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
        begin("L")
        json.beginArray()
        for element in elements {
            let before = json.bytes.count
            write(element, &self)
            if json.bytes.count == before { null() }
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
        begin("M")
        json.beginObject()
        for (name, value) in members {
            pendingName = name
            write(value, &self)
            pendingName = nil
        }
        json.endObject()
        json.endObject()
    }

    private mutating func set(_ tag: String, _ texts: some Collection<String>) {
        guard !texts.isEmpty else { return }
        begin(tag)
        json.beginArray()
        // Sorted, so that equal models have equal bytes.
        for text in texts.sorted() { json.string(text) }
        json.endArray()
        json.endObject()
    }

    @usableFromInline
    mutating func begin(_ tag: String) {
        writeName()
        json.beginObject()
        json.key(tag)
    }

    @usableFromInline
    mutating func writeName() {
        guard let name = pendingName else { return }
        json.key(name)
        pendingName = nil
    }
}
