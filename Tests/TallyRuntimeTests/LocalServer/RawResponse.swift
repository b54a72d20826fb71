import Foundation

/// A response, read without any code of the server's.
struct RawResponse {
    let status: Int
    /// Status line and headers.
    let head: String
    let body: [UInt8]
    /// The body in the chunks in which it came; empty when it came with a length.
    let chunks: [String]
    /// The fields behind a chunked body.
    let trailers: String

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }

    /// The values of a header.
    func headers(_ name: String) -> [String] {
        head.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    /// The first value of a header.
    func header(_ name: String) -> String? { headers(name).first }

    /// Reads a response from the beginning of `bytes`; `nil` while it is not whole.
    static func parse(_ bytes: [UInt8]) -> (RawResponse, count: Int)? {
        let emptyLine = Array("\r\n\r\n".utf8)
        guard let headEnd = bytes.firstRange(of: emptyLine) else { return nil }
        let head = String(decoding: bytes[..<headEnd.lowerBound], as: UTF8.self)
        guard let status = Int(head.split(separator: " ")[1]) else { return nil }
        var response = RawResponse(status: status, head: head, body: [], chunks: [], trailers: "")
        if response.header("Transfer-Encoding") == "chunked" { return chunked(response, bytes, headEnd.upperBound) }
        let end = headEnd.upperBound + (response.header("Content-Length").flatMap { Int($0) } ?? 0)
        guard bytes.count >= end else { return nil }
        response = RawResponse(
            status: status, head: head, body: Array(bytes[headEnd.upperBound..<end]), chunks: [], trailers: "")
        return (response, end)
    }

    private static func chunked(_ opening: RawResponse, _ bytes: [UInt8], _ start: Int) -> (RawResponse, count: Int)? {
        let lineEnd = Array("\r\n".utf8)
        var chunks: [[UInt8]] = []
        var position = start
        while true {
            guard let sizeEnd = bytes[position...].firstRange(of: lineEnd),
                let size = Int(String(decoding: bytes[position..<sizeEnd.lowerBound], as: UTF8.self), radix: 16)
            else { return nil }
            position = sizeEnd.upperBound
            if size == 0 { break }
            guard bytes.count >= position + size + 2 else { return nil }
            chunks.append(Array(bytes[position..<(position + size)]))
            position += size + 2
        }
        var trailers: [String] = []
        while true {
            guard let end = bytes[position...].firstRange(of: lineEnd) else { return nil }
            let line = String(decoding: bytes[position..<end.lowerBound], as: UTF8.self)
            position = end.upperBound
            if line.isEmpty { break }
            trailers.append(line)
        }
        let response = RawResponse(
            status: opening.status, head: opening.head, body: chunks.reduce(into: []) { $0 += $1 },
            chunks: chunks.map { String(decoding: $0, as: UTF8.self) }, trailers: trailers.joined(separator: "\r\n"))
        return (response, position)
    }
}
