import TallyMetrics
import TallyWire

/// Encrypts the secrets of one item under one data key for each KMS key.
struct ItemSealer: Sendable {
    struct DataKey: Sendable {
        let plaintext: SecretBytes
        let wrapped: [UInt8]
    }

    private let model: ModelName
    private let place: ItemPlace
    private let keys: [String: DataKey]

    /// - Parameters:
    ///   - model: The model whose time it is.
    ///   - place: The item that the values belong to.
    ///   - keys: The data key for each encrypted attribute.
    init(model: ModelName, place: ItemPlace, keys: [String: DataKey]) {
        self.model = model
        self.place = place
        self.keys = keys
    }

    func seal(_ plaintext: [UInt8], as attribute: String) -> [UInt8] {
        guard let key = keys[attribute] else {
            fatalError("ItemSealer: no data key was made for '\(attribute)'")
        }
        return MetricsScope.timing(.seal, for: model) {
            Envelope.seal(
                plaintext, dataKey: key.plaintext, wrappedKey: key.wrapped, place: place.bytes(of: attribute))
        }
    }
}

/// Decrypts the secrets of one item with data keys that KMS has unwrapped.
struct ItemOpener: Sendable {
    private let model: ModelName
    private let place: ItemPlace
    private let keys: [WrappedKey: SecretBytes]

    /// - Parameters:
    ///   - model: The model whose time it is.
    ///   - place: The item that the values must belong to.
    ///   - keys: Data keys by their wrapped form.
    init(model: ModelName, place: ItemPlace, keys: [WrappedKey: SecretBytes]) {
        self.model = model
        self.place = place
        self.keys = keys
    }

    func open(_ bytes: [UInt8], of attribute: String) throws(AttributeError) -> [UInt8] {
        let envelope = try Envelope(bytes)
        guard let key = keys[WrappedKey(envelope.wrappedKey)] else {
            throw AttributeError(expected: "a data key that KMS unwrapped", found: "another")
        }
        return try MetricsScope.timing(.open, for: model) { () throws(AttributeError) in
            try envelope.open(dataKey: key, place: place.bytes(of: attribute))
        }
    }
}

/// Where a value belongs: its table, its item's key and its attribute, in a form that no other place shares.
struct ItemPlace: Sendable, Hashable {
    private var prefix: [UInt8] = []

    /// - Parameter table: The table's name.
    init(table: String) {
        Self.append(Array("tally/1".utf8), to: &prefix)
        Self.append(Array(table.utf8), to: &prefix)
    }

    /// Adds the value of the partition key and then, where there is one, of the sort key.
    ///
    /// - Throws: ``AttributeError`` when it is of no type that keys have.
    mutating func append(key value: AttributeValue) throws(AttributeError) {
        switch value {
        case .string(let text): Self.append([0x53] + Array(text.utf8), to: &prefix)
        case .number(let number): Self.append([0x4E] + Array(number.canonicalText.utf8), to: &prefix)
        case .binary(let data): Self.append([0x42] + data, to: &prefix)
        default: throw AttributeError(expected: "S, N or B", value)
        }
    }

    func bytes(of attribute: String) -> [UInt8] {
        var bytes = prefix
        Self.append(Array(attribute.utf8), to: &bytes)
        return bytes
    }

    // Each part after its length, so that no two lists of parts give the same bytes.
    private static func append(_ part: [UInt8], to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(part.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes += part
    }
}
