extension JSONReader {
    /// Passes over one value of any kind, validating it.
    ///
    /// - Returns: Where the value stands; set ``offset`` to its beginning to read it after all.
    /// - Throws: ``JSONError`` when the value is malformed or nested too deeply.
    /// - Complexity: O(bytes of the value), about a nanosecond each; allocates nothing.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> Range<Int> {
        _ = peek()
        let start = position
        // The kinds of the open containers, innermost in the lowest bit: 1 for an object, 0 for an array.
        var containers: UInt128 = 0
        var level = depth
        repeat {
            guard let byte = peek() else { throw unexpected("a value") }
            var isComplete = true
            switch byte {
            case UInt8(ascii: "\""):
                _ = try scanString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                position &+= 1
                if level == maximumDepth { throw tooDeep(at: position - 1) }
                let isObject = byte == UInt8(ascii: "{")
                // An empty container is complete at once.
                if !consume(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    containers = containers << 1 | (isObject ? 1 : 0)
                    level += 1
                    isComplete = false
                    if isObject { try skipKey() }
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                _ = try scanNumber()
            case UInt8(ascii: "n"):
                try null()
            default:
                guard byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f") else { throw unexpected("a value") }
                _ = try bool()
            }
            // A complete value ends every container that closes right behind it.
            while isComplete, level > depth {
                let isObject = containers & 1 == 1
                if consume(UInt8(ascii: ",")) {
                    if isObject { try skipKey() }
                    isComplete = false
                } else {
                    guard consume(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                        throw unexpected(isObject ? "',' or '}'" : "',' or ']'")
                    }
                    containers >>= 1
                    level -= 1
                }
            }
        } while level > depth
        return start..<position
    }

    @inline(__always)
    private mutating func skipKey() throws(JSONError) {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key") }
        _ = try scanString()
        guard consume(UInt8(ascii: ":")) else { throw unexpected("':'") }
    }
}
