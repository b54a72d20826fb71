/// HTTP header fields in the order in which they are sent or were received.
///
/// Names are compared without regard to case, as RFC 9110 section 5.1 asks.
public struct Headers: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One header field.
    public struct Field: Sendable, Hashable {
        /// The field's name as written.
        public var name: String
        /// The field's value without surrounding white space.
        public var value: String

        /// Creates a field.
        ///
        /// - Parameters:
        ///   - name: The field's name.
        ///   - value: The field's value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    // All names and values in one piece, so that a response's headers take two allocations and no field that nobody
    // asks for becomes a string.
    private var text: [UInt8] = []
    private var ends: [Ends] = []

    /// Where a field's name ends and its value, which begins there.
    private struct Ends: Hashable {
        var name: Int
        var value: Int
    }

    /// Creates an empty list.
    public init() {}

    /// Creates a list from names and values in order.
    ///
    /// - Parameter elements: Names and values.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// The fields in order.
    public var fields: [Field] {
        (0..<count).map { Field(String(decoding: name($0), as: UTF8.self), String(decoding: value($0), as: UTF8.self)) }
    }

    /// Accesses the first value of `name`; setting replaces every field of that name, `nil` removes them.
    ///
    /// - Complexity: O(n).
    public subscript(name: String) -> String? {
        get { index(of: name).map { String(decoding: value($0), as: UTF8.self) } }
        set {
            while let index = index(of: name) { remove(index) }
            if let newValue { add(name, newValue) }
        }
    }

    /// Appends a field, keeping any others of the same name.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - value: The field's value.
    public mutating func add(_ name: String, _ value: String) {
        add(name.utf8, value.utf8)
    }

    // MARK: - Bytes

    /// How many fields there are.
    var count: Int { ends.count }

    /// Removes all fields, and makes room for as many as nearly every response has.
    mutating func removeAll() {
        text.removeAll()
        ends.removeAll()
        text.reserveCapacity(512)
        ends.reserveCapacity(12)
    }

    mutating func add(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        text.append(contentsOf: name)
        let nameEnd = text.count
        text.append(contentsOf: value)
        ends.append(Ends(name: nameEnd, value: text.count))
    }

    private mutating func remove(_ index: Int) {
        let range = start(index)..<ends[index].value
        text.removeSubrange(range)
        ends.remove(at: index)
        for later in index..<count {
            ends[later].name -= range.count
            ends[later].value -= range.count
        }
    }

    private func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index - 1].value }

    func name(_ index: Int) -> ArraySlice<UInt8> {
        text[start(index)..<ends[index].name]
    }

    func value(_ index: Int) -> ArraySlice<UInt8> {
        text[ends[index].name..<ends[index].value]
    }

    private func index(of name: String) -> Int? {
        // `var` is what withUTF8 asks for, nothing is copied.
        var name = name
        return name.withUTF8 { name in
            text.withUnsafeBufferPointer { text in
                ends.withUnsafeBufferPointer { ends in
                    var start = 0
                    for index in ends.indices {
                        if ends[index].name - start == name.count, Self.areEqual(text, start, name) { return index }
                        start = ends[index].value
                    }
                    return nil
                }
            }
        }
    }

    /// Whether the name at `start` is the wanted one, which has as many bytes, but for the case of letters.
    private static func areEqual(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ wanted: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        wanted.indices.allSatisfy { offset in
            let (byte, other) = (text[start + offset], wanted[offset])
            return byte == other || (byte ^ other == 0x20 && (byte | 0x20) &- 97 < 26)
        }
    }
}
