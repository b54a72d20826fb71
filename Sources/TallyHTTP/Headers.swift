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
    /// Where names and values end, in turn.
    private var ends: [Int] = []

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
            if index(of: name) != nil {
                let kept = (0..<count).filter { !matches($0, name) }
                let old = self
                (text, ends) = ([], [])
                for index in kept { add(old.name(index), old.value(index)) }
            }
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
    var count: Int { ends.count / 2 }

    /// Makes room for as many fields as nearly every response has.
    mutating func reserve() {
        text.reserveCapacity(512)
        ends.reserveCapacity(24)
    }

    mutating func add(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        text.append(contentsOf: name)
        ends.append(text.count)
        text.append(contentsOf: value)
        ends.append(text.count)
    }

    private func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index * 2 - 1] }

    func name(_ index: Int) -> ArraySlice<UInt8> {
        text[start(index)..<ends[index * 2]]
    }

    func value(_ index: Int) -> ArraySlice<UInt8> {
        text[ends[index * 2]..<ends[index * 2 + 1]]
    }

    private func index(of name: String) -> Int? {
        (0..<count).first { matches($0, name) }
    }

    private func matches(_ index: Int, _ wanted: String) -> Bool {
        let start = start(index)
        guard ends[index * 2] - start == wanted.utf8.count else { return false }
        // `var` is what withUTF8 asks for, nothing is copied.
        var wanted = wanted
        return wanted.withUTF8 { wanted in
            text.withUnsafeBufferPointer { text in
                for offset in wanted.indices where text[start + offset] != wanted[offset] {
                    if Self.lowercased(text[start + offset]) != Self.lowercased(wanted[offset]) { return false }
                }
                return true
            }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }
}
