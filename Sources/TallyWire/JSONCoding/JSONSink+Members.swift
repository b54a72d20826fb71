extension JSONSink {
    /// A member of an object that is being written.
    struct Member {
        /// Where its name begins in the text, with the quotation mark.
        let start: Int
        /// The bytes of the name as text, its quotation marks and colon included.
        let nameLength: Int
        /// Whether its name has come again.
        var isReplaced = false
    }

    /// Writes the name of a member.
    func writeName(_ name: String) -> Member {
        let start = json.count + (json.needsComma ? 1 : 0)
        json.key(name)
        return Member(start: start, nameLength: json.count - start)
    }

    /// The members of the object that is being written, from the text.
    ///
    /// It looks for quotation marks, brackets and commas only, since the place of a container has no value yet.
    ///
    /// - Parameter start: Where the first name begins.
    /// - Returns: The members in their order.
    func members(from start: Int) -> [Member] {
        var members: [Member] = []
        json.storage.withUnsafeBytes { text in
            var (position, depth) = (start, 0)
            var name: Range<Int>?
            while position < text.count {
                switch text[position] {
                case UInt8(ascii: "\""):
                    let quote = position
                    position += 1
                    while text[position] != UInt8(ascii: "\"") {
                        position += text[position] == UInt8(ascii: "\\") ? 2 : 1
                    }
                    // The colon is the name's.
                    if depth == 0, name == nil { name = quote..<position + 2 }
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: ",") where depth == 0:
                    if let name { members.append(Member(start: name.lowerBound, nameLength: name.count)) }
                    name = nil
                default: break
                }
                position += 1
            }
            if let name { members.append(Member(start: name.lowerBound, nameLength: name.count)) }
        }
        return members
    }

    /// Whether two members have the same name; the same names have the same text.
    func isSameName(_ left: Member, _ right: Member) -> Bool {
        left.nameLength == right.nameLength
            && json.bytes[left.start..<left.start + left.nameLength].elementsEqual(
                json.bytes[right.start..<right.start + right.nameLength])
    }

    /// A hash of a member's name, for objects that have many.
    func hash(_ member: Member) -> Int {
        var hasher = Hasher()
        json.bytes.withUnsafeBytes {
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[member.start..<member.start + member.nameLength]))
        }
        return hasher.finalize()
    }

    /// The container that is a member's value and may still be written to.
    func hole(of member: Member) -> JSONValueEncoder? {
        holes.last { $0.offset <= member.start + member.nameLength }
            .flatMap { $0.offset == member.start + member.nameLength ? $0.encoder : nil }
    }

    /// Takes the members out of the text that were replaced, all at once, so that each costs its bytes only.
    ///
    /// - Parameter first: The place of the object's first member; those behind it are its own, and the last one counts.
    func removeReplaced(from first: Int) {
        let start = members[first].start
        let open = holes.drop { $0.offset < start }
        var kept: [UInt8] = []
        var keptHoles = holes.prefix(open.startIndex)
        var hole = open.startIndex
        for place in first..<members.count {
            let isLast = place + 1 == members.count
            let range = members[place].start..<(isLast ? json.count : members[place + 1].start)
            let shift = start + kept.count - range.lowerBound
            // Behind the last name there may be nothing but the place of a container.
            while hole < holes.endIndex, isLast || holes[hole].offset < range.upperBound {
                if !members[place].isReplaced { keptHoles.append((holes[hole].offset + shift, holes[hole].encoder)) }
                hole += 1
            }
            if !members[place].isReplaced { kept += json.bytes[range] }
        }
        json.storage.replaceSubrange(start..., with: kept)
        holes = Array(keptHoles)
    }
}
