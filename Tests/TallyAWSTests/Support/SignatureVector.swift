import Foundation
import TallyHTTP
import TallyWire
import Testing

@testable import TallyAWS

/// One of AWS's vectors, as files.
struct SignatureVector {
    private struct Context: Decodable {
        struct Keys: Decodable {
            let access_key_id: String
            let secret_access_key: String
            let token: String?
        }

        let credentials: Keys
        let normalize: Bool
        let sign_body: Bool
        let omit_session_token: Bool?
        let region: String
        let service: String
        let timestamp: String
    }

    let time: Timestamp
    let signer: Signer
    let credentials: Credentials
    let payload: Signer.Payload
    let request: Request
    private let name: String

    init(_ name: String) throws {
        self.name = name
        let context = try JSONDecoder().decode(
            Context.self, from: Data(try SharedData.bytes("sigv4/aws-c-auth-v4/\(name)/context.json"))
        )
        time = try #require(Timestamp(iso8601: context.timestamp))
        signer = Signer(
            service: context.service, region: try Region(context.region),
            paths: context.normalize ? .normalized : .verbatim,
            tokenPlacement: context.omit_session_token == true ? .appended : .signed
        )
        credentials = Credentials(
            accessKeyID: context.credentials.access_key_id, secretAccessKey: context.credentials.secret_access_key,
            sessionToken: context.credentials.token
        )
        payload = context.sign_body ? .hashInHeader : .hash
        request = try Self.parse(try SharedData.text("sigv4/aws-c-auth-v4/\(name)/request.txt"))
    }

    func file(_ file: String) throws -> String {
        try SharedData.text("sigv4/aws-c-auth-v4/\(name)/\(file).txt")
    }

    /// Reads a raw HTTP request; a line that begins with white space continues the field before it.
    static func parse(_ text: String) throws -> Request {
        let parts = text.range(of: "\n\n").map { (text[..<$0.lowerBound], text[$0.upperBound...]) } ?? (text[...], "")
        var lines = parts.0.split(separator: "\n").map(String.init)
        let line = lines.removeFirst()
        let method = line.prefix { $0 != " " }
        let target = line.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        var request = Request(
            Request.Method(rawValue: String(method)), "https://example.amazonaws.com\(target)",
            body: .bytes(Array(parts.1.utf8))
        )
        var fields: [Headers.Field] = []
        for line in lines {
            if line.first == " ", let last = fields.indices.last {
                fields[last].value += "\n\(line)"
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                fields.append(.init(String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        for field in fields where field.name != "Host" { request.headers.add(field.name, field.value) }
        return request
    }
}
