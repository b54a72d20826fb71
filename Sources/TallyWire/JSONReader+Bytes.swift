import Glibc

extension JSONReader {
    /// Passes over white space and returns the byte behind it, or `nil` at the end.
    @inline(__always)
    mutating func peek() -> UInt8? {
        // SAFETY: position is never negative (the setter of `offset` sees to it), so this is the one bound to check.
        while position < bytes.count {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position &+= 1
        }
        return nil
    }

    /// Passes over white space and, when `byte` comes next, over it too.
    @inline(__always)
    mutating func consume(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position &+= 1
        return true
    }

    /// Whether `literal` stands at `offset`.
    func hasLiteral(_ literal: StaticString, at offset: Int) -> Bool {
        guard bytes.count - offset >= literal.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        return memcmp(base + offset, literal.utf8Start, literal.utf8CodeUnitCount) == 0
    }

    /// Passes over `text` where just that comes next, without any white space.
    ///
    /// For JSON whose writer always writes it alike. Set ``offset`` back where the rest then is something else.
    package mutating func consumeExactly(_ text: StaticString) -> Bool {
        guard hasLiteral(text, at: position) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Passes over `text` where just that comes next.
    package mutating func consumeExactly(_ text: String) -> Bool {
        var text = text
        let isNext = text.withUTF8 { text in
            guard let start = bytes.baseAddress, let expected = text.baseAddress else { return text.isEmpty }
            return bytes.count - position >= text.count && memcmp(start + position, expected, text.count) == 0
        }
        if isNext { position += text.utf8.count }
        return isNext
    }

    // MARK: - Errors

    /// Builds the error of finding something else at the reader's position.
    @inline(never)
    func unexpected(_ expected: StaticString) -> JSONError {
        guard position < bytes.count else {
            return JSONError(.unexpectedEnd, offset: bytes.count, "expected \(expected), found the end")
        }
        return JSONError(.unexpectedByte, offset: position, "expected \(expected), found \(name(of: bytes[position]))")
    }

    @inline(never)
    func tooDeep(at offset: Int) -> JSONError {
        JSONError(.tooDeep, offset: offset, "containers nest more than \(maximumDepth) levels deep")
    }

    /// Builds the error of a value that is JSON but does not stand for what it should.
    @inline(never)
    func invalid(_ message: String, at offset: Int) -> JSONError {
        JSONError(.invalidValue, offset: offset, message)
    }

    private func name(of byte: UInt8) -> String {
        switch byte {
        case 0x21...0x7E: "'\(Unicode.Scalar(byte))'"
        default: "byte 0x\(Hex.encode([byte]))"
        }
    }
}
