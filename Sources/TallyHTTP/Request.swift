import Glibc

/// One HTTP request.
public struct Request: Sendable {
    /// An HTTP method.
    public struct Method: RawRepresentable, Sendable, Hashable {
        /// The method as it stands in the request line.
        public let rawValue: String

        /// Creates a method from its name in the request line.
        ///
        /// - Parameter rawValue: The name, in capitals.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Reads a resource.
        public static let get = Method(rawValue: "GET")
        /// Reads a resource's headers.
        public static let head = Method(rawValue: "HEAD")
        /// Acts on a resource.
        public static let post = Method(rawValue: "POST")
        /// Replaces a resource.
        public static let put = Method(rawValue: "PUT")
        /// Removes a resource.
        public static let delete = Method(rawValue: "DELETE")
    }

    /// What to do with the resource.
    public var method: Method
    /// The absolute URL, `http` or `https`, already percent-encoded: printable ASCII without spaces.
    public var url: String
    /// Fields to send, in order; `Host` and `Content-Length` are added.
    public var headers: Headers
    /// The body.
    public var body: RequestBody
    /// The bounds on time.
    public var timeouts: Timeouts
    /// Whether `HTTPS_PROXY` and `NO_PROXY` apply.
    public var usesProxy: Bool
    /// The most bytes of a response that ``Transport/send(_:)`` gathers in memory.
    ///
    /// A larger response is an error; of a response whose status is one of failure, what is beyond 1 MiB is dropped.
    public var responseLimit = Request.standardResponseLimit

    /// 64 MiB: four times the largest answer of DynamoDB.
    public static let standardResponseLimit = 64 << 20

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: What to do with the resource.
    ///   - url: The absolute URL, already percent-encoded.
    ///   - headers: Fields to send, in order.
    ///   - body: The body.
    ///   - timeouts: The bounds on time.
    ///   - usesProxy: Whether `HTTPS_PROXY` and `NO_PROXY` apply.
    public init(
        _ method: Method, _ url: String, headers: Headers = Headers(), body: RequestBody = .none,
        timeouts: Timeouts = .standard, usesProxy: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.usesProxy = usesProxy
    }

    /// Whether the request goes over TLS.
    package var isSecure: Bool {
        // `var` is what withUTF8 asks for, nothing is copied.
        var url = url
        return url.withUTF8 { Self.isSecure(UnsafeRawBufferPointer($0)) }
    }

    static func isSecure(_ url: UnsafeRawBufferPointer) -> Bool {
        guard let start = url.baseAddress, url.count >= 8 else { return false }
        return strncasecmp(start.assumingMemoryBound(to: CChar.self), "https://", 8) == 0
    }

    /// The URL without its query, which may carry a signature, for messages.
    package var location: String {
        String(url.prefix { $0 != "?" })
    }
}
