package import TallyHTTP
import TallyWire

/// A request in the one form that both sides of a signature hash.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
package struct CanonicalRequest: Sendable {
    /// How the path enters the canonical request.
    package enum PathRules: Sendable {
        /// Dot segments and repeated slashes removed, then percent-encoded a second time: every service but S3.
        case normalized
        /// As it stands on the wire: S3, where `a//b` and `a/./b` are keys of their own.
        case verbatim
    }

    /// The canonical request as UTF-8.
    package let bytes: [UInt8]
    /// The signed headers' names, sorted and joined by semicolons.
    package let signedHeaders: String

    package init(
        method: Request.Method, url: RequestURL, query: String, headers: SignedHeaders, payloadHash: String,
        paths: PathRules
    ) {
        var text: [UInt8] = []
        text.reserveCapacity(256 + url.path.utf8.count + query.utf8.count + headers.byteCount)
        text.append(contentsOf: method.rawValue.utf8)
        text.append(UInt8(ascii: "\n"))
        Self.append(path: url.path, by: paths, to: &text)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: query.utf8)
        text.append(UInt8(ascii: "\n"))
        headers.append(to: &text)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: headers.names.utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: payloadHash.utf8)
        bytes = text
        signedHeaders = headers.names
    }

    // MARK: - Path

    private static func append(path: Substring, by rules: PathRules, to text: inout [UInt8]) {
        if path == "/" {
            text.append(UInt8(ascii: "/"))
            return
        }
        switch rules {
        case .verbatim:
            // What is encoded already stays; a byte that no wire path may hold is encoded, never passed on.
            appendEncoded(path.utf8, keepingPercent: true, to: &text)
        case .normalized:
            var segments: [Substring.UTF8View] = []
            var endsWithSlash = false
            for segment in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                endsWithSlash = true
                if segment.isEmpty || segment.elementsEqual(".".utf8) { continue }
                if segment.elementsEqual("..".utf8) {
                    _ = segments.popLast()
                    continue
                }
                endsWithSlash = false
                segments.append(Substring(segment).utf8)
            }
            for segment in segments {
                text.append(UInt8(ascii: "/"))
                appendEncoded(segment, keepingPercent: false, to: &text)
            }
            if endsWithSlash { text.append(UInt8(ascii: "/")) }
        }
    }

    private static func appendEncoded(_ bytes: Substring.UTF8View, keepingPercent: Bool, to text: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.append(byte)
            case UInt8(ascii: "%") where keepingPercent:
                text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                // SAFETY: both indices are below 16, the length of `digits`.
                text.append(digits.utf8Start[Int(byte >> 4)])
                text.append(digits.utf8Start[Int(byte & 15)])
            }
        }
    }

    // MARK: - Query

    /// The query's parameters, and `added` unencoded ones, encoded once and sorted.
    package static func query(_ query: Substring, adding added: [(name: String, value: String)] = []) -> String {
        if query.isEmpty && added.isEmpty { return "" }
        var parameters: [(name: String, value: String)] = added.map {
            (PercentEncoding.encodeComponent($0.name), PercentEncoding.encodeComponent($0.value))
        }
        // By bytes: a value need not be UTF-8, and a combining character would hide the separator before it.
        for parameter in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.endIndex
            parameters.append(
                (
                    PercentEncoding.recodeComponent(parameter[..<equals]),
                    PercentEncoding.recodeComponent(parameter[equals...].dropFirst())
                ))
        }
        parameters.sort { ($0.name, $0.value) < ($1.name, $1.value) }
        return parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}
