/// Where a service is reached: scheme, host with port, and a path that precedes every request's own.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    package let scheme: String
    /// The host, with a port where it is not the scheme's own.
    package let authority: String
    /// Empty, or a path that begins with a slash and does not end with one.
    package let basePath: String

    package init(host: String) {
        scheme = "https"
        authority = host
        basePath = ""
    }

    /// Reads an override such as `http://127.0.0.1:4566`.
    ///
    /// - Parameters:
    ///   - url: The URL as configured.
    ///   - setting: The variable it came from, for the error.
    /// - Throws: ``ConfigurationError`` when the URL cannot be used.
    package init(parsing url: String, from setting: String) throws(ConfigurationError) {
        func malformed(_ what: String) -> ConfigurationError {
            ConfigurationError(setting, "\"\(url)\" \(what). Set it to a URL such as http://127.0.0.1:4566.")
        }
        guard let separator = url.firstRange(of: "://") else { throw malformed("has no scheme") }
        scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw malformed("is neither http nor https") }

        let rest = url[separator.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw malformed("contains characters that no URL has")
        }
        guard !rest.contains(where: { "?#@\\\"".contains($0) }) else {
            throw malformed("has a query, a fragment or user information")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = rest[..<slash]
        guard Self.isHost(host) else { throw malformed("names no host, or a port that is no number") }
        authority = String(host)

        var path = rest[slash...]
        while path.last == "/" { path.removeLast() }
        basePath = String(path)
    }

    package var description: String { "\(scheme)://\(authority)\(basePath)" }

    private static func isHost(_ authority: Substring) -> Bool {
        // An IPv6 address stands in brackets, which keeps its colons apart from the port's.
        let bracket = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        guard let colon = authority[bracket...].firstIndex(of: ":") else { return !authority.isEmpty }
        let port = authority[authority.index(after: colon)...]
        return colon != authority.startIndex && port.allSatisfy(\.isNumber) && UInt16(port) != nil
    }
}
