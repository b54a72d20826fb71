import Tally

extension APIGatewayV2Request {
    /// Decodes the body from JSON.
    ///
    /// - Throws: ``RequestError`` that names the member that is missing or of another type.
    func decodedBody<Body: Decodable>(as type: Body.Type) throws -> Body {
        guard let bytes = bodyBytes() else {
            throw RequestError(.badRequest, "the body is declared as base64 and is not")
        }
        do {
            return try JSONCoder().decode(type, from: bytes)
        } catch let error as JSONDecodingError {
            let method = requestContext.http.method
            throw RequestError(.badRequest, "the body is not what \(method) takes here: \(error)")
        }
    }

    /// The query parameter `limit`, 1 to 100.
    func limit() throws -> Int? {
        guard let text = queryStringParameters?["limit"] else { return nil }
        guard let limit = Int(text), (1...100).contains(limit) else {
            throw RequestError(.badRequest, "'limit' is not a number from 1 to 100")
        }
        return limit
    }

    /// The query parameter `cursor`, the `next` of the page before.
    func cursor() throws -> Cursor? {
        guard let text = queryStringParameters?["cursor"] else { return nil }
        guard let cursor = Cursor(text) else {
            throw RequestError(.badRequest, "'cursor' is not the 'next' of another page")
        }
        return cursor
    }
}

extension APIGatewayV2Response {
    /// An answer of JSON.
    static func json(_ statusCode: Int, _ content: some Encodable) throws -> APIGatewayV2Response {
        APIGatewayV2Response(
            statusCode: statusCode, headers: ["content-type": "application/json"],
            body: String(decoding: try JSONCoder().encode(content), as: UTF8.self))
    }
}
