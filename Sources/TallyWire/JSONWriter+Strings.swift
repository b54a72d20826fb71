extension JSONWriter {
    /// Writes a string, escaping `"`, `\` and control characters; every other character stands for itself.
    ///
    /// - Parameter text: The string.
    public mutating func string(_ text: String) {
        // A native String lends its own storage here; `var` is what withUTF8 asks for, nothing is copied.
        var text = text
        text.withUTF8 { quote(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a string that is at hand as UTF-8.
    ///
    /// - Parameter utf8: The string's bytes; they must be valid UTF-8, which is not checked.
    public mutating func string(utf8: some Collection<UInt8>) {
        utf8.withBytes { quote($0) }
    }

    /// Writes bytes as a string of base64 with padding, the way AWS carries binary data in JSON.
    ///
    /// - Parameter bytes: The bytes.
    public mutating func base64(_ bytes: some Collection<UInt8>) {
        separate()
        storage.append(UInt8(ascii: "\""))
        bytes.withBytes { Base64.append($0, to: &storage) }
        storage.append(UInt8(ascii: "\""))
    }

    private mutating func quote(_ utf8: UnsafeRawBufferPointer) {
        separate()
        storage.append(UInt8(ascii: "\""))
        var position = 0
        while true {
            let run = JSONScan.plainRun(in: utf8, from: position, stopsAtNonASCII: false)
            storage.append(contentsOf: UnsafeBufferPointer(rebasing: utf8.bindMemory(to: UInt8.self)[position..<run]))
            if run == utf8.count { break }
            escape(utf8[run])
            position = run + 1
        }
        storage.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        storage.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): storage.append(byte)
        case 0x08: storage.append(UInt8(ascii: "b"))
        case 0x09: storage.append(UInt8(ascii: "t"))
        case 0x0A: storage.append(UInt8(ascii: "n"))
        case 0x0C: storage.append(UInt8(ascii: "f"))
        case 0x0D: storage.append(UInt8(ascii: "r"))
        default:
            storage.append(contentsOf: "u00".utf8)
            storage.append(Hex.digit(byte >> 4))
            storage.append(Hex.digit(byte & 0xF))
        }
    }
}
