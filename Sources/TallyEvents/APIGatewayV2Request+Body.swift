import TallyWire

extension APIGatewayV2Request {
    /// The content as bytes, base64 taken off; empty when there is none.
    ///
    /// - Returns: The bytes; `nil` when the gateway says base64 and it is not.
    public func bodyBytes() -> [UInt8]? {
        guard let body else { return [] }
        return isBase64Encoded == true ? Base64.decode(body) : Array(body.utf8)
    }
}
