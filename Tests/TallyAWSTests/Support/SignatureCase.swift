import Foundation
import TallyHTTP
import TallyWire

@testable import TallyAWS

/// A request that botocore signed, as `scripts/support/signature_cases.py` writes it.
struct SignatureCase: Decodable {
    /// Which of botocore's signers signed it.
    enum Kind: String, Decodable, CaseIterable {
        case header
        case s3Header = "s3-header"
        case query
        case s3Query = "s3-query"
    }

    enum Payload: String, Decodable {
        case hash
        case hashInHeader = "in-header"
        case unsigned
        case trailer
    }

    let kind: Kind
    let method: String
    let url: String
    let headers: [[String]]
    let body: Data
    let payload: Payload
    let accessKey: String
    let secret: String
    let token: String?
    let service: String
    let region: String
    let time: Int64
    let lifetime: Int
    let canonicalRequest: String
    let stringToSign: String
    let result: String

    /// The cases in the file that `TALLY_SIGNATURE_CASES` names; none where it names none.
    static let all: [SignatureCase] = CaseFile.lines(of: "TALLY_SIGNATURE_CASES", madeBy: "signature_cases.py")
    static var arePresent: Bool { CaseFile.isNamed(by: "TALLY_SIGNATURE_CASES") }

    var request: Request {
        var request = Request(Request.Method(rawValue: method), url, body: .bytes(Array(body)))
        for header in headers { request.headers.add(header[0], header[1]) }
        return request
    }

    var credentials: Credentials {
        Credentials(accessKeyID: accessKey, secretAccessKey: secret, sessionToken: token)
    }

    var signingTime: Timestamp { Timestamp(milliseconds: time) }

    func signer() throws -> Signer {
        Signer(
            service: service, region: try Region(region),
            paths: kind == .s3Header || kind == .s3Query ? .verbatim : .normalized)
    }

    var signedPayload: Signer.Payload {
        switch payload {
        case .hash: .hash
        case .hashInHeader: .hashInHeader
        case .unsigned: .unsigned
        case .trailer: .chunked(.crc32, isSigned: false)
        }
    }
}
