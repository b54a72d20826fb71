import TallyWire

/// The content of a request as gateways and load balancers send it.
enum Body {
    /// The content as bytes; `nil` when it is declared as base64 and is not.
    static func bytes(_ body: String?, isBase64Encoded: Bool?) -> [UInt8]? {
        guard let body else { return [] }
        return isBase64Encoded == true ? Base64.decode(body) : Array(body.utf8)
    }
}
