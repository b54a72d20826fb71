import TallyWire

/// Copies one JSON text through every door of the reader, which must agree with ``JSONReader/skipValue()``.
enum JSONWalk {
    static func copy(_ bytes: [UInt8]) throws(JSONError) -> [UInt8] {
        try JSONReader.read(bytes) { (reader) throws(JSONError) in
            var writer = JSONWriter()
            try copyValue(from: &reader, to: &writer)
            try reader.finish()
            return writer.bytes
        }
    }

    static func skip(_ bytes: [UInt8]) throws(JSONError) -> Range<Int> {
        try JSONReader.read(bytes) { (reader) throws(JSONError) in
            let range = try reader.skipValue()
            try reader.finish()
            return range
        }
    }

    private static func copyValue(from reader: inout JSONReader, to writer: inout JSONWriter) throws(JSONError) {
        switch try reader.peekKind() {
        case .object:
            try reader.beginObject()
            writer.beginObject()
            while let name = try reader.nextMember() {
                writer.key(name)
                try copyValue(from: &reader, to: &writer)
            }
            writer.endObject()
        case .array:
            try reader.beginArray()
            writer.beginArray()
            while try reader.nextElement() { try copyValue(from: &reader, to: &writer) }
            writer.endArray()
        case .string: writer.string(try reader.string())
        case .number: writer.number(text: try reader.numberText())
        case .bool: writer.bool(try reader.bool())
        case .null:
            try reader.null()
            writer.null()
        }
    }
}
