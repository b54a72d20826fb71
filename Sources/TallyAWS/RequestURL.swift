/// The parts of an absolute URL that a signature covers, as they stand on the wire.
package struct RequestURL {
    package let scheme: Substring
    /// The value of the `Host` header: the port is left out where it is the scheme's own.
    package let host: Substring
    /// The path as on the wire; `/` when the URL has none.
    package let path: Substring
    /// The query without its question mark; empty for none.
    package let query: Substring

    package init(_ url: String) {
        let afterScheme = url.utf8.firstIndex(of: UInt8(ascii: ":")) ?? url.startIndex
        scheme = url[..<afterScheme]
        var start = afterScheme
        for expected in "://".utf8 where start < url.endIndex && url.utf8[start] == expected {
            url.utf8.formIndex(after: &start)
        }
        let rest = url[start...]
        let question = rest.utf8.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let slash = rest[..<question].utf8.firstIndex(of: UInt8(ascii: "/")) ?? question
        let authority = rest[..<slash]
        let ownPort = scheme == "https" ? ":443" : ":80"
        host = authority.hasSuffix(ownPort) ? authority.dropLast(ownPort.utf8.count) : authority
        path = slash == question ? "/" : rest[slash..<question]
        query = question == rest.endIndex ? "" : rest[rest.utf8.index(after: question)...]
    }
}
