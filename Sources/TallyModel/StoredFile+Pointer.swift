import TallyWire

/// The pointer as it lies in the table: a map whose `v` is the version of its form.
extension StoredFile: StorableValue {
    private static let version = 1

    /// Writes a value, or nothing when it stands for an absent attribute.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - writer: Takes one value.
    public static func store(_ value: StoredFile, in writer: inout AttributeWriter) {
        guard let location = value.location else {
            fatalError("StoredFile: written before its upload; a file is stored only through Field.file")
        }
        writer.value(
            .map([
                "v": .number(Number(version)),
                "bucket": .string(location.bucket),
                "key": .string(location.key),
                "name": .string(value.name),
                "type": .string(value.contentType),
                "size": .number(Number(value.size)),
                "crc64nvme": .string(location.checksum),
            ]))
    }

    /// Reads a value.
    ///
    /// - Parameter reader: Stands before one value.
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when what is stored is not such a value.
    public static func load(from reader: inout AttributeReader) throws(AttributeError) -> StoredFile {
        guard case .map(let pointer) = try reader.value() else {
            throw AttributeError(expected: "M, a pointer to a file", found: "another type")
        }
        guard case .number(let version) = pointer["v"], version.int == Self.version else {
            throw AttributeError(expected: "a pointer of version 1", found: "another")
        }
        guard case .string(let bucket) = pointer["bucket"], case .string(let key) = pointer["key"],
            case .string(let name) = pointer["name"], case .string(let contentType) = pointer["type"],
            case .number(let size) = pointer["size"], let size = size.int, size >= 0,
            case .string(let checksum) = pointer["crc64nvme"]
        else {
            throw AttributeError(
                expected: "a pointer with bucket, key, name, type, size and crc64nvme", found: "one without")
        }
        let location = Location(bucket: bucket, key: key, checksum: checksum)
        return StoredFile(
            name: name, contentType: contentType, size: size, source: .object(location), owner: reader.model)
    }

    /// Returns the value that an absent attribute stands for.
    ///
    /// - Returns: The value.
    /// - Throws: ``AttributeError`` when the attribute must be there.
    public static func loadAbsent() throws(AttributeError) -> StoredFile {
        throw AttributeError(expected: "M, a pointer to a file", found: "nothing")
    }
}
