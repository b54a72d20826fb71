import TallyWire

extension LogValue {
    /// The value as one line of JSON, `nil` when a type writes something else: it would cost all of the line.
    var checkedJSON: [UInt8]? {
        var writer = JSONWriter()
        write(to: &writer)
        let json = writer.bytes
        guard !json.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else { return nil }
        do throws(JSONError) {
            try JSONReader.read(json) { (reader: inout JSONReader) throws(JSONError) in
                try reader.skipValue()
                try reader.finish()
            }
            return json
        } catch {
            return nil
        }
    }
}
