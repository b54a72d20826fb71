import Glibc

extension JSONReader {
    /// Reads a string.
    ///
    /// - Returns: The string, its escapes replaced.
    /// - Throws: ``JSONError`` when the next value is not a string or not valid.
    public mutating func string() throws(JSONError) -> String {
        text(in: try rawString())
    }

    /// Reads a string as UTF-8.
    ///
    /// - Returns: The bytes of the string, its escapes replaced.
    /// - Throws: ``JSONError`` when the next value is not a string or not valid.
    public mutating func stringBytes() throws(JSONError) -> [UInt8] {
        unescaped(try rawString())
    }

    /// Reads a string without copying it.
    ///
    /// - Returns: Where the string stands between its quotation marks, for ``matches(_:_:)`` and ``text(in:)``.
    /// - Throws: ``JSONError`` when the next value is not a string or not valid.
    public mutating func rawString() throws(JSONError) -> Range<Int> {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        return try scanString()
    }

    /// Reads a string of base64, the way AWS carries binary data in JSON.
    ///
    /// - Returns: The bytes it stands for.
    /// - Throws: ``JSONError`` when the next value is not a string or that is not padded, canonical base64.
    public mutating func base64() throws(JSONError) -> [UInt8] {
        let range = try rawString()
        // Some writers escape the slash, so a text with escapes still may be base64.
        let decoded = firstEscape(in: range) == nil ? Base64.decode(slice(range)) : Base64.decode(unescaped(range))
        guard let decoded else { throw invalid("expected base64", at: range.lowerBound) }
        return decoded
    }

    // MARK: - Texts passed over

    /// Returns the text of a key or string that was passed over, its escapes replaced.
    ///
    /// - Parameter range: What ``nextKey()`` or ``rawString()`` returned.
    /// - Returns: The text.
    public func text(in range: Range<Int>) -> String {
        if firstEscape(in: range) == nil { return String(decoding: slice(range), as: UTF8.self) }
        return String(decoding: unescaped(range), as: UTF8.self)
    }

    /// Returns whether a key or string that was passed over is `name`; allocates nothing unless it has escapes.
    ///
    /// - Parameters:
    ///   - range: What ``nextKey()`` or ``rawString()`` returned.
    ///   - name: The name to compare with.
    /// - Returns: Whether they are the same, byte for byte in UTF-8.
    public func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
        // SAFETY: a StaticString's bytes live for ever. One made of a single Unicode scalar has no such bytes; it
        // arises only from a declaration of that very type, never from a string literal.
        matches(range, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Returns whether a key or string that was passed over is `utf8`; allocates nothing unless it has escapes.
    ///
    /// - Parameters:
    ///   - range: What ``nextKey()`` or ``rawString()`` returned.
    ///   - utf8: The bytes to compare with, such as `name.utf8`.
    /// - Returns: Whether they are the same.
    @inlinable
    public func matches(_ range: Range<Int>, utf8: some Collection<UInt8>) -> Bool {
        utf8.withBytes { matches(range, $0) }
    }

    @usableFromInline
    func matches(_ range: Range<Int>, _ name: UnsafeRawBufferPointer) -> Bool {
        let raw = slice(range)
        if raw.count == name.count {
            guard let left = raw.baseAddress, let right = name.baseAddress else { return true }
            // Equal bytes are a different name when the backslash that both have begins an escape.
            return memcmp(left, right, raw.count) == 0 && firstEscape(in: range) == nil
        }
        // No escape is shorter than what it stands for, nor longer than six times that.
        guard raw.count > name.count, raw.count / 6 <= name.count, firstEscape(in: range) != nil else { return false }
        return unescaped(range).elementsEqual(name)
    }

    // MARK: - Scanning

    /// Validates the string that begins at the reader's position and passes over it.
    mutating func scanString() throws(JSONError) -> Range<Int> {
        let start = position + 1
        var end = start
        var escape: Int?
        while true {
            end = JSONScan.plainRun(in: bytes, from: end, stopsAtNonASCII: true)
            guard end < bytes.count else {
                throw JSONError(.unexpectedEnd, offset: bytes.count, "expected '\"', found the end")
            }
            switch bytes[end] {
            case UInt8(ascii: "\""):
                position = end + 1
                lastString = (start, escape)
                return start..<end
            case UInt8(ascii: "\\"):
                escape = escape ?? end
                end += try escapeLength(at: end)
            case 0x80...:
                guard let length = JSONScan.sequenceLength(in: bytes, at: end) else {
                    throw JSONError(.invalidString, offset: end, "string is not valid UTF-8")
                }
                end += length
            default:
                throw JSONError(.invalidString, offset: end, "control character in a string must be escaped")
            }
        }
    }

    private func escapeLength(at offset: Int) throws(JSONError) -> Int {
        guard offset + 1 < bytes.count else {
            throw JSONError(.unexpectedEnd, offset: bytes.count, "expected an escape, found the end")
        }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(at: offset) else {
                throw JSONError(.invalidString, offset: offset, "expected four hexadecimal digits after '\\u'")
            }
            if !UTF16.isSurrogate(unit) { return 6 }
            guard UTF16.isLeadSurrogate(unit), let second = codeUnit(at: offset + 6), UTF16.isTrailSurrogate(second)
            else { throw JSONError(.invalidString, offset: offset, "surrogate without its other half") }
            return 12
        default:
            throw JSONError(.invalidString, offset: offset, "'\\' begins no escape JSON knows")
        }
    }

    /// Returns the code unit of the `\uXXXX` at `offset`, or `nil` when there is none.
    private func codeUnit(at offset: Int) -> UInt16? {
        guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for digit in bytes[(offset + 2)..<(offset + 6)] {
            guard let value = Hex.value(ofDigit: digit) else { return nil }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }

    // MARK: - Escapes

    /// The bytes of a text that was passed over.
    @inline(__always)
    private func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { refuse(range) }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    @inline(never)
    private func refuse(_ range: Range<Int>) -> Never {
        fatalError("JSONReader: \(range) is outside this text of \(bytes.count) bytes; was it of another reader?")
    }

    private func firstEscape(in range: Range<Int>) -> Int? {
        // Whoever passes over a string looks at it next, mostly.
        if range.lowerBound == lastString.start { return lastString.escape }
        let slice = slice(range)
        guard let base = slice.baseAddress, let found = memchr(base, Int32(UInt8(ascii: "\\")), slice.count) else {
            return nil
        }
        return range.lowerBound + (UnsafeRawPointer(found) - base)
    }

    /// Copies a text that was passed over, its escapes replaced.
    private func unescaped(_ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var rest = range
        while let escape = firstEscape(in: rest), escape + 1 < range.upperBound {
            text.append(contentsOf: slice(rest.lowerBound..<escape))
            var end = escape + 2
            switch bytes[escape + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = scalar(at: escape)
                text.append(contentsOf: String(scalar).utf8)
                end = escape + (scalar.value > 0xFFFF ? 12 : 6)
            case let character: text.append(character)
            }
            rest = min(end, range.upperBound)..<range.upperBound
        }
        text.append(contentsOf: slice(rest))
        return text
    }

    /// Returns the character of the validated `\uXXXX`, or pair of them, at `offset`.
    private func scalar(at offset: Int) -> Unicode.Scalar {
        let unit = codeUnit(at: offset) ?? 0
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let second = codeUnit(at: offset + 6) ?? 0
        let value = 0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(second & 0x3FF)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
