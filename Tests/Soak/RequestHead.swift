/// Request line and headers, as far as the server has to know them.
struct RequestHead {
    /// The service's name for what is asked.
    let operation: String
    /// The call that it is of.
    let call: Int
    /// The invocation that made the call.
    let invocation: Int
    /// The bytes of the body.
    let bodyLength: Int
    /// Those of them that are content, without the framing of chunks.
    let contentLength: Int
    /// The first byte asked for of an object; `nil` for all of it.
    let rangeStart: Int?

    init?(_ text: String) {
        let lines = text.split(separator: "\r\n")
        guard let method = lines.first?.split(separator: " ").first else { return nil }
        func field(_ name: String) -> Substring? {
            let prefix = name + ": "
            return lines.first { $0.utf8.count > prefix.utf8.count && $0.prefix(prefix.count).lowercased() == prefix }
                .map { $0.dropFirst(prefix.count) }
        }
        guard let names = field("x-soak-call")?.split(separator: "/"), names.count == 2,
            let invocation = Int(names[0]), let call = Int(names[1])
        else { return nil }
        self.invocation = invocation
        self.call = call
        bodyLength = field("content-length").flatMap { Int($0) } ?? 0
        contentLength = field("x-amz-decoded-content-length").flatMap { Int($0) } ?? bodyLength
        rangeStart = field("range").flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
        if let target = field("x-amz-target") {
            operation = String(target.split(separator: ".").last ?? "")
        } else {
            operation = ["PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject"][method] ?? String(method)
        }
    }
}
