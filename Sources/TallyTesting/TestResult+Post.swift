import TallyHTTP
import TallyRuntime
import TallyWire

extension TestResult {
    /// What stands before the bytes of a streamed answer to an HTTP request.
    private struct Prelude: Decodable {
        let statusCode: Int
        let headers: [String: String]
        let cookies: [String]?
    }

    /// Takes what the loop has posted.
    mutating func take(_ body: (bytes: [UInt8], trailers: Headers), isError: Bool, headers: Headers) {
        if isError {
            error = try? JSONCoder().decode(ReportedError.self, from: body.bytes)
            return
        }
        isStreamed = headers["Lambda-Runtime-Function-Response-Mode"] == "streaming"
        var bytes = body.bytes[...]
        let nulls = [UInt8](repeating: 0, count: 8)
        if isStreamed, headers["Content-Type"] == StreamingResponse.integrationType,
            let end = bytes.firstRange(of: nulls),
            let prelude = try? JSONCoder().decode(Prelude.self, from: Array(bytes[..<end.lowerBound]))
        {
            (status, self.headers, cookies) = (prelude.statusCode, prelude.headers, prelude.cookies ?? [])
            bytes = bytes[end.upperBound...]
        }
        let contentType = headers["Content-Type"]
        answer = Payload(Array(bytes), contentType: contentType == "application/json" ? nil : contentType)
        if let trailed = body.trailers["Lambda-Runtime-Function-Error-Body"].flatMap({ Base64.decode($0) }) {
            error = try? JSONCoder().decode(ReportedError.self, from: trailed)
        }
    }
}
