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
        var fields = Fields()
        for field in header.utf8.split(separator: UInt8(ascii: ";")) {
            fields.read(field)
        }
        guard let root = fields.root else { return nil }
        self.root = String(root)
        parent = fields.parent.map(String.init)
        isSampled = fields.isSampled
        lineage = fields.lineage.map(String.init)
    }

    /// The header, for work that belongs to the same segment.
    public var description: String { header(parent: parent) }

    /// Writes the header for work on whose behalf another segment is recorded.
    ///
    /// - Parameter parent: That segment's id, `nil` for none.
    /// - Returns: The header's value.
    public func header(parent: String?) -> String {
        var header = "Root=\(root)"
        if let parent { header += ";Parent=\(parent)" }
        if let isSampled { header += isSampled ? ";Sampled=1" : ";Sampled=0" }
        if let lineage { header += ";Lineage=\(lineage)" }
        return header
    }
}

/// The fields of a header, as they stand in it.
private struct Fields {
    var root: Substring?
    var parent: Substring?
    var isSampled: Bool?
    var lineage: Substring?

    mutating func read(_ field: Substring.UTF8View) {
        let field = Self.trimmed(field)
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return }
        let value = field[field.index(after: equals)...]
        switch Substring(field[..<equals]) {
        case "Root": root = root ?? Self.text(value, if: Self.isRoot)
        case "Parent": parent = parent ?? Self.text(value) { $0.count == 16 && $0.allSatisfy(Self.isHexDigit) }
        case "Sampled": isSampled = isSampled ?? Self.decision(value)
        // Nothing that could end the header or begin another field.
        case "Lineage": lineage = lineage ?? Self.text(value) { !$0.isEmpty && $0.allSatisfy { 0x21...0x7E ~= $0 } }
        default: break
        }
    }

    private static func trimmed(_ field: Substring.UTF8View) -> Substring.UTF8View {
        let blank = UInt8(ascii: " ")
        guard let last = field.lastIndex(where: { $0 != blank }) else { return field[field.endIndex...] }
        return field[...last].drop { $0 == blank }
    }

    private static func text(_ value: Substring.UTF8View, if isValid: (Substring.UTF8View) -> Bool) -> Substring? {
        isValid(value) ? Substring(value) : nil
    }

    private static func decision(_ value: Substring.UTF8View) -> Bool? {
        switch Substring(value) {
        case "1": true
        case "0": false
        default: nil
        }
    }

    private static func isRoot(_ value: Substring.UTF8View) -> Bool {
        guard value.count == 35 else { return false }
        return value.enumerated().allSatisfy { position, byte in
            switch position {
            case 0: byte == UInt8(ascii: "1")
            case 1, 10: byte == UInt8(ascii: "-")
            default: isHexDigit(byte)
            }
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
