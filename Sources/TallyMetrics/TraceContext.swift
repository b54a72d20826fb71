/// Where work stands in an X-Ray trace: what the header `X-Amzn-Trace-Id` says.
///
///     let trace = TraceContext("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
///     trace?.root       // 1-5759e988-bd862e3fe1be46a994272793
///     trace?.isSampled  // true
///
/// Sources: <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html> for the lineage.
public struct TraceContext: Sendable, Hashable, CustomStringConvertible {
    /// The trace's id: the version, the time in 8 and the trace in 24 hexadecimal digits.
    public let root: String
    /// The id of the segment that the work belongs to, in 16 hexadecimal digits; `nil` when there is none.
    public let parent: String?
    /// Whether the trace is recorded; `nil` when that is not decided.
    public let isSampled: Bool?
    /// The functions that the event went through, by which Lambda finds loops of events.
    public let lineage: String?

    /// Reads a header.
    ///
    /// Fields may come in any order; unknown ones, and those whose value is not of their form, are passed over. Of a
    /// field that occurs twice the first counts.
    ///
    /// - Parameter header: The header's value; `nil` comes back where it has no valid `Root`.
    public init?(_ header: String) {
        // Each invocation's line asks for the root; bytes in a row are read seven times as fast.
        var header = header
        guard let context = header.withUTF8(Self.init) else { return nil }
        self = context
    }

    private init?(_ header: UnsafeBufferPointer<UInt8>) {
        var (root, parent, lineage) = (Bytes?.none, Bytes?.none, Bytes?.none)
        var isSampled: Bool?
        var rest = header[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            let field = rest[..<end].trimmed
            rest = rest[end...].dropFirst()
            if let value = field.value(of: "Root=") {
                root = root ?? (value.isRoot ? value : nil)
            } else if let value = field.value(of: "Parent=") {
                parent = parent ?? (value.isSegmentID ? value : nil)
            } else if let value = field.value(of: "Sampled=") {
                isSampled = isSampled ?? value.decision
            } else if let value = field.value(of: "Lineage=") {
                lineage = lineage ?? (value.isToken ? value : nil)
            }
        }
        guard let root else { return nil }
        self.root = root.text
        self.parent = parent?.text
        self.isSampled = isSampled
        self.lineage = lineage?.text
    }

    /// The header, for work that belongs to the same segment.
    public var description: String { header(parent: parent) }

    /// Writes the header for work on whose behalf another segment is recorded.
    ///
    /// - Parameter parent: That segment's id, `nil` for none.
    /// - Returns: The header's value.
    public func header(parent: String?) -> String {
        var header = ""
        header.reserveCapacity(128)
        header += "Root="
        header += root
        if let parent {
            header += ";Parent="
            header += parent
        }
        if let isSampled { header += isSampled ? ";Sampled=1" : ";Sampled=0" }
        if let lineage {
            header += ";Lineage="
            header += lineage
        }
        return header
    }
}

private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

/// A field of a header, or its value.
extension Bytes {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }

    fileprivate var trimmed: Bytes {
        let blank = UInt8(ascii: " ")
        guard let last = lastIndex(where: { $0 != blank }) else { return self[endIndex...] }
        return self[...last].drop { $0 == blank }
    }

    fileprivate func value(of name: StaticString) -> Bytes? {
        // SAFETY: a text of several characters lies in the executable, where it stays.
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return starts(with: name) ? dropFirst(name.count) : nil
    }

    fileprivate var decision: Bool? {
        guard count == 1 else { return nil }
        switch first {
        case UInt8(ascii: "1"): return true
        case UInt8(ascii: "0"): return false
        default: return nil
        }
    }

    fileprivate var isRoot: Bool {
        guard count == 35, value(of: "1-") != nil, self[startIndex + 10] == UInt8(ascii: "-") else { return false }
        return self[startIndex + 2..<startIndex + 10].isHex && self[startIndex + 11..<endIndex].isHex
    }

    fileprivate var isSegmentID: Bool { count == 16 && isHex }

    /// Nothing that could end the header or begin another field.
    fileprivate var isToken: Bool { !isEmpty && allSatisfy { 0x21...0x7E ~= $0 } }

    private var isHex: Bool {
        allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                true
            default: false
            }
        }
    }
}
