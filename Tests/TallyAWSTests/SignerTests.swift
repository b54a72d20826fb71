import Foundation
import TallyHTTP
import TallyWire
import Testing

@testable import TallyAWS

/// AWS's own vectors: 38 cases, each signed in headers and in the query.
@Suite(.enabled(if: SharedData.isPresent, "../shared/data is not here"))
struct SignatureVectorTests {
    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(
            atPath: SharedData.root.appending(path: "sigv4/aws-c-auth-v4").path
        ))?.sorted() ?? []

    @Test func `there are 38 cases`() {
        #expect(Self.names.count == 38)
    }

    @Test(arguments: names)
    func `headers are signed as AWS signs them`(name: String) throws {
        let vector = try SignatureVector(name)
        var request = vector.request

        let canonical = vector.signer.prepare(
            &request, with: vector.credentials, at: vector.time, payload: vector.payload
        )
        let stringToSign = vector.signer.stringToSign(canonical, at: vector.time)

        #expect(String(decoding: canonical.bytes, as: UTF8.self) == (try vector.file("header-canonical-request")))
        #expect(String(decoding: stringToSign, as: UTF8.self) == (try vector.file("header-string-to-sign")))

        vector.signer.sign(&request, with: vector.credentials, at: vector.time, payload: vector.payload)
        let signed = try SignatureVector.parse(vector.file("header-signed-request"))
        for field in ["Authorization", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-content-sha256"] {
            #expect(request.headers[field] == signed.headers[field])
        }
        #expect(request.headers["Authorization"]?.hasSuffix(try vector.file("header-signature")) == true)
    }

    @Test(arguments: names)
    func `queries are signed as AWS signs them`(name: String) throws {
        let vector = try SignatureVector(name)

        let (canonical, _) = vector.signer.prepareQuery(
            vector.request, with: vector.credentials, at: vector.time, lifetime: .seconds(3_600), isPayloadSigned: true
        )
        let stringToSign = vector.signer.stringToSign(canonical, at: vector.time)
        let url = vector.signer.presign(
            vector.request, with: vector.credentials, at: vector.time, lifetime: .seconds(3_600), isPayloadSigned: true
        )

        #expect(String(decoding: canonical.bytes, as: UTF8.self) == (try vector.file("query-canonical-request")))
        #expect(String(decoding: stringToSign, as: UTF8.self) == (try vector.file("query-string-to-sign")))
        let expected = try SignatureVector.parse(vector.file("query-signed-request"))
        #expect(Self.parameters(url) == Self.parameters(expected.url))
    }

    private static func parameters(_ url: String) -> Set<String> {
        Set(
            RequestURL(url).query.split(separator: "&").map { parameter in
                let encoded = PercentEncoding.decode(String(parameter)).map { $0.contains("=") ? $0 : "\($0)=" }
                return encoded ?? String(parameter)
            }
        )
    }
}

struct SignerTests {
    private let credentials = Credentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )
    private let time = Timestamp(milliseconds: 1_369_353_600_000)  // 2013-05-24T00:00:00Z
    private let signer = Signer(service: "s3", region: "us-east-1", paths: .verbatim)

    private struct Example: Decodable {
        let name: String
        let canonical_request: String?
        let string_to_sign: String
        let signature: String
    }

    private func example(_ name: String) throws -> Example {
        let all = try JSONDecoder().decode([Example].self, from: Data(SharedData.bytes("sigv4/s3-doc-examples.json")))
        return try #require(all.first { $0.name == name })
    }

    static let examples: [(name: String, request: Request)] = [
        (
            "get-object-range",
            Request(.get, "https://examplebucket.s3.amazonaws.com/test.txt", headers: ["Range": "bytes=0-9"])
        ),
        (
            "put-object",
            Request(
                .put, "https://examplebucket.s3.amazonaws.com/test%24file.text",
                headers: [
                    "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY",
                ],
                body: .bytes(Array("Welcome to Amazon S3.".utf8))
            )
        ),
        ("get-bucket-lifecycle", Request(.get, "https://examplebucket.s3.amazonaws.com/?lifecycle")),
        ("list-objects", Request(.get, "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J")),
    ]

    @Test(.enabled(if: SharedData.isPresent, "../shared/data is not here"), arguments: examples.indices)
    func `S3's documented requests are signed as documented`(index: Int) throws {
        let example = try example(Self.examples[index].name)
        var request = Self.examples[index].request

        let canonical = signer.prepare(&request, with: credentials, at: time, payload: .hashInHeader)

        #expect(String(decoding: canonical.bytes, as: UTF8.self) == example.canonical_request)
        let stringToSign = signer.stringToSign(canonical, at: time)
        #expect(String(decoding: stringToSign, as: UTF8.self) == example.string_to_sign)
        #expect(signer.signature(of: stringToSign, with: credentials, at: time) == example.signature)
    }

    @Test func `S3's documented URL is presigned as documented`() {
        let request = Request(.get, "https://examplebucket.s3.amazonaws.com/test.txt")

        let url = signer.presign(request, with: credentials, at: time, lifetime: .seconds(86_400))

        #expect(
            url == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        )
    }

    @Test func `a path is encoded twice but for S3`() {
        func path(_ signer: Signer) -> Substring {
            var request = Request(.get, "https://host/a%20b//c")
            let canonical = signer.prepare(&request, with: credentials, at: time, payload: .hash)
            return String(decoding: canonical.bytes, as: UTF8.self).split(separator: "\n")[1]
        }

        #expect(path(signer) == "/a%20b//c")
        #expect(path(Signer(service: "kms", region: "us-east-1")) == "/a%2520b/c")
    }

    @Test func `a port that is not the scheme's own is signed with the host`() {
        #expect(RequestURL("http://127.0.0.1:4566/x").host == "127.0.0.1:4566")
        #expect(RequestURL("http://127.0.0.1:80/x").host == "127.0.0.1")
        #expect(RequestURL("https://host:443").host == "host")
        #expect(RequestURL("https://host:443").path == "/")
        #expect(RequestURL("https://host?a=b").query == "a=b")
    }

    @Test func `signing again replaces the signature`() {
        var request = Request(.get, "https://host/")
        signer.sign(&request, with: credentials, at: time)
        let first = request.headers

        signer.sign(&request, with: credentials, at: time)

        #expect(request.headers == first)
    }

    @Test func `what the transport or a proxy may change is not signed`() {
        var request = Request(.get, "https://host/")
        for name in [
            "User-Agent", "X-Amzn-Trace-Id", "Expect", "Connection", "Keep-Alive", "Proxy-Authenticate",
            "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        ] { request.headers.add(name, "x") }

        signer.sign(&request, with: credentials, at: time)

        #expect(request.headers["Authorization"]?.contains("SignedHeaders=host;x-amz-date,") == true)
    }

    @Test(arguments: ["a b", " a b", "a b ", "a  b", "a\tb", "\t a \t b \t", "a\nb"])
    func `white space in a header's value counts as one space, and none at its ends`(value: String) {
        var text: [UInt8] = []

        SignedHeaders(["X": value], host: "h").append(to: &text)

        #expect(String(decoding: text, as: UTF8.self) == "host:h\nx:a b\n")
    }

    @Test(arguments: [
        ("a=%fF", "a=%FF"), ("a=%41%2f", "a=A%2F"), ("a=100%&b=%2", "a=100%25&b=%252"), ("a=\u{301}x", "a=%CC%81x"),
        ("b&a=&=c&&a=%20", "=c&a=&a=%20&b="),
    ])
    func `a query has one canonical form however it is written`(query: String, canonical: String) {
        #expect(CanonicalRequest.query(query[...]) == canonical)
    }
}
