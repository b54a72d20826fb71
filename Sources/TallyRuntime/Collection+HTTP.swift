extension Collection<UInt8> {
    /// Whether the bytes are a token, as names of methods and fields are.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
    var isToken: Bool {
        !isEmpty
            && allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "^")...UInt8(ascii: "z"), UInt8(ascii: "#")...UInt8(ascii: "'"):
                    true
                case UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// Whether the bytes can stand in a field's value: no control character but a tab.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc9110#section-5.5>
    var isFieldValue: Bool {
        allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
    }
}
