/// An element of an XML document with what is inside it: all that S3's answers need.
///
/// Elements must nest properly; attributes and comments are passed over. Anything else, document types above all,
/// makes the document unreadable rather than half read.
struct XMLElement {
    let name: String
    /// The text that stands directly in the element; of elements with others inside, white space most often.
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    private init(name: String) {
        self.name = name
    }

    /// The text of the first child of that name; `nil` when there is none.
    subscript(name: String) -> String? { first(name)?.text }

    /// The first child of that name.
    func first(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The children of that name, in order.
    func all(_ name: String) -> [XMLElement] {
        children.filter { $0.name == name }
    }

    /// The element itself or the first one inside it of that name.
    func find(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.find(name) { return found }
        }
        return nil
    }

    // 16 MiB: a list of 1,000 keys of 1,024 bytes, each byte percent-encoded, takes 3.
    private static let sizeLimit = 16 << 20
    private static let depthLimit = 32

    /// Reads a document; `nil` when it is not well formed, longer than 16 MiB or nested deeper than 32.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.sizeLimit else { return nil }
        var scanner = XMLScanner(bytes)
        var open: [XMLElement] = []
        var root: XMLElement?
        while true {
            switch scanner.next() {
            case .text(let piece):
                if !open.isEmpty { open[open.count - 1].text += piece }
            case .start(let name):
                // One outermost element, and so none that begins after it has ended.
                guard open.count < Self.depthLimit, root == nil else { return nil }
                open.append(XMLElement(name: name))
            case .end(let name):
                guard let element = open.popLast(), element.name == name else { return nil }
                if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
            case .finished:
                guard open.isEmpty, let root else { return nil }
                self = root
                return
            case .malformed:
                return nil
            }
        }
    }
}
