/// Cuts an XML document into tags and texts; ``XMLElement`` checks how they nest.
struct XMLScanner {
    enum Token {
        case start(String)
        case end(String)
        case text(String)
        case finished
        case malformed
    }

    private let bytes: [UInt8]
    private var position = 0
    /// The element whose end follows at once: `<Name/>`.
    private var selfClosed: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Token {
        if let name = selfClosed {
            selfClosed = nil
            return .end(name)
        }
        guard position < bytes.count else { return .finished }
        guard bytes[position] == UInt8(ascii: "<") else { return text() }
        if skip("<?") { return passing("?>") }
        if skip("<!--") { return passing("-->") }
        if skip("<![CDATA[") {
            guard let content = through("]]>") else { return .malformed }
            return String(validating: content, as: UTF8.self).map(Token.text) ?? .malformed
        }
        if skip("<!") { return .malformed }
        if skip("</") {
            guard let tag = through(">"), let name = Self.name(tag) else { return .malformed }
            return .end(name)
        }
        position += 1
        return startTag()
    }

    private mutating func startTag() -> Token {
        // A `>` inside an attribute's quotation marks does not end the tag.
        var quote: UInt8?
        var end = position
        while end < bytes.count, quote != nil || bytes[end] != UInt8(ascii: ">") {
            if let open = quote {
                if bytes[end] == open { quote = nil }
            } else if bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'") {
                quote = bytes[end]
            }
            end += 1
        }
        guard end < bytes.count else { return .malformed }
        var tag = bytes[position..<end]
        position = end + 1
        let isSelfClosing = tag.last == UInt8(ascii: "/")
        if isSelfClosing { tag.removeLast() }
        guard let name = Self.name(tag) else { return .malformed }
        if isSelfClosing { selfClosed = name }
        return .start(name)
    }

    /// The name at the beginning of a tag, without a name space's prefix.
    private static func name(_ tag: ArraySlice<UInt8>) -> String? {
        let name = tag.prefix { $0 > 0x20 }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        guard !local.isEmpty, !local.contains(UInt8(ascii: "<")) else { return nil }
        return String(validating: local, as: UTF8.self)
    }

    // MARK: - Text

    private mutating func text() -> Token {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        let raw = bytes[position..<end]
        position = end
        guard raw.contains(UInt8(ascii: "&")) else {
            return String(validating: raw, as: UTF8.self).map(Token.text) ?? .malformed
        }
        var text: [UInt8] = []
        var rest = raw
        while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += rest[..<ampersand]
            guard let semicolon = rest[ampersand...].firstIndex(of: UInt8(ascii: ";")),
                let character = Self.character(String(decoding: rest[(ampersand + 1)..<semicolon], as: UTF8.self))
            else { return .malformed }
            text += Array(String(character).utf8)
            rest = rest[(semicolon + 1)...]
        }
        return String(validating: text + rest, as: UTF8.self).map(Token.text) ?? .malformed
    }

    private static func character(_ entity: String) -> Character? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }

    // MARK: - Moving

    private mutating func skip(_ opening: String) -> Bool {
        guard bytes[position...].starts(with: opening.utf8) else { return false }
        position += opening.utf8.count
        return true
    }

    /// Returns what stands before `closing`, and goes on behind it; `nil` when it never comes.
    private mutating func through(_ closing: String) -> ArraySlice<UInt8>? {
        let start = position
        while position < bytes.count {
            if bytes[position...].starts(with: closing.utf8) {
                defer { position += closing.utf8.count }
                return bytes[start..<position]
            }
            position += 1
        }
        return nil
    }

    private mutating func passing(_ closing: String) -> Token {
        through(closing) == nil ? .malformed : .text("")
    }
}
