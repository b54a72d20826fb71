/// The texts of a small XML document by the names of their elements: all that S3's answers need.
///
/// Elements must nest properly; attributes and comments are passed over. Anything else, document types above all,
/// makes the document unreadable rather than half read.
struct XMLFields {
    /// The name of the outermost element.
    private(set) var root = ""
    private var texts: [String: String] = [:]
    private var names: Set<String> = []

    /// The text of the first element of that name that holds nothing but text.
    subscript(name: String) -> String? { texts[name] }

    /// Whether an element of that name occurs.
    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Reads a document; `nil` when it is not well formed, longer than 1 MiB or nested deeper than 32.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= 1 << 20 else { return nil }
        var scanner = XMLScanner(bytes)
        var open: [String] = []
        var content = ""
        var isLeaf = false
        while true {
            switch scanner.next() {
            case .text(let piece):
                content += piece
            case .start(let name):
                // One outermost element, and so none that begins after it has ended.
                guard open.count < 32, !open.isEmpty || root.isEmpty else { return nil }
                if open.isEmpty { root = name }
                open.append(name)
                names.insert(name)
                content = ""
                isLeaf = true
            case .end(let name):
                guard open.popLast() == name else { return nil }
                if isLeaf, texts[name] == nil { texts[name] = content }
                content = ""
                isLeaf = false
            case .finished:
                guard open.isEmpty, !root.isEmpty else { return nil }
                return
            case .malformed:
                return nil
            }
        }
    }
}
