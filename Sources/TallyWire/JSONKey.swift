import Glibc

/// A member's name, prepared for being written and looked for many times.
///
/// A class, so that handing one on copies nothing.
@usableFromInline
package final class JSONKey: Sendable {
    /// The name.
    package let name: String
    /// The name between comma and colon, as compact JSON has it; empty when the name needs escapes.
    ///
    /// A buffer of its own, since an array would be counted at each use. SAFETY: written only before the initializer
    /// returns, so that threads may share it; freed only by deinit.
    nonisolated(unsafe) let compact: UnsafeRawBufferPointer

    /// Prepares a name.
    ///
    /// - Parameter name: The name, in any characters.
    package init(_ name: String) {
        self.name = name
        let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        let text = isPlain ? Array(",\"\(name)\":".utf8) : []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
        buffer.copyBytes(from: text)
        compact = UnsafeRawBufferPointer(buffer)
    }

    deinit {
        compact.deallocate()
    }
}

extension JSONReader {
    /// Passes over a member's name up to its colon, when it is the next member's and nothing but it stands there.
    ///
    /// - Parameter key: The name.
    /// - Returns: Whether it was; `false` says no more than that ``nextKey()`` has to look.
    package mutating func consumeKey(_ key: JSONKey) -> Bool {
        let skipped = isAtFirst ? 1 : 0
        let length = key.compact.count - skipped
        guard length > 0, bytes.count - position >= length, let found = bytes.baseAddress,
            let wanted = key.compact.baseAddress, memcmp(found + position, wanted + skipped, length) == 0
        else { return false }
        position += length
        isAtFirst = false
        return true
    }

    /// Enters an object and passes over its first member's name, when both are compact and just these.
    ///
    /// - Parameter opening: The bytes looked for.
    /// - Returns: Whether they were there; `false` says no more than that ``beginObject()`` has to look.
    package mutating func consumeOpening(_ opening: JSONOpening) -> Bool {
        // SAFETY: the load ends at or before bytes.count.
        guard bytes.count &- position >= 8, depth < maximumDepth,
            bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & opening.mask == opening.word
        else { return false }
        position &+= opening.length
        depth &+= 1
        isAtFirst = false
        return true
    }

    /// Leaves an object that ends right here.
    ///
    /// - Returns: Whether it does; `false` says no more than that ``nextKey()`` has to look.
    package mutating func consumeClosing() -> Bool {
        guard !isAtFirst, position < bytes.count, bytes[position] == UInt8(ascii: "}") else { return false }
        position &+= 1
        depth &-= 1
        return true
    }
}

extension JSONWriter {
    /// Writes a member's name; its value must follow.
    ///
    /// - Parameter key: The name.
    package mutating func key(_ key: JSONKey) {
        guard !key.compact.isEmpty else { return self.key(key.name) }
        let skipped = needsComma ? 0 : 1
        storage.append(contentsOf: UnsafeRawBufferPointer(rebasing: key.compact[skipped...]))
        needsComma = false
    }

    /// A place in the text to come back to.
    package struct Mark {
        let count: Int
        let needsComma: Bool
    }

    /// The place where the text ends now.
    package var mark: Mark { Mark(count: storage.count, needsComma: needsComma) }

    /// Takes back what was written since, which must have been whole members or elements.
    ///
    /// - Parameter mark: Where the text is to end again.
    package mutating func rollBack(to mark: Mark) {
        storage.removeLast(storage.count - mark.count)
        needsComma = mark.needsComma
    }

    /// Begins an object and writes its first member's name.
    ///
    /// - Parameter opening: Both.
    package mutating func begin(_ opening: JSONOpening) {
        separate()
        withUnsafeBytes(of: opening.word) { storage.append(contentsOf: $0[..<opening.length]) }
        needsComma = false
    }
}
