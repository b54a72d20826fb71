extension APIGatewayV2Request {
    /// The content as bytes, base64 taken off; empty when there is none.
    ///
    /// - Returns: The bytes; `nil` when the gateway says base64 and it is not.
    public func bodyBytes() -> [UInt8]? {
        Body.bytes(body, isBase64Encoded: isBase64Encoded)
    }
}
