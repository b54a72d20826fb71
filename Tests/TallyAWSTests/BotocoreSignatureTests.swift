import TallyHTTP
import TallyWire
import Testing

@testable import TallyAWS

/// Requests of every shape, signed as the independent client signs them.
@Suite(.enabled(if: SignatureCase.arePresent, "TALLY_SIGNATURE_CASES is not set"))
struct BotocoreSignatureTests {
    private static func cases(of kind: SignatureCase.Kind) -> [(number: Int, signed: SignatureCase)] {
        SignatureCase.all.enumerated().filter { $0.element.kind == kind }.map { ($0.offset + 1, $0.element) }
    }

    @Test func `there are 1,000 cases, a quarter of each kind`() {
        #expect(SignatureCase.all.count == 1_000)
        for kind in SignatureCase.Kind.allCases { #expect(Self.cases(of: kind).count == 250) }
    }

    @Test(arguments: [SignatureCase.Kind.header, .s3Header])
    func `headers are signed as botocore signs them`(kind: SignatureCase.Kind) throws {
        for (number, signed) in Self.cases(of: kind) {
            let signer = try signed.signer()
            var request = signed.request
            let canonical = signer.prepare(
                &request, with: signed.credentials, at: signed.signingTime, payload: signed.signedPayload)
            guard Self.agrees(canonical, by: signer, with: signed, number) else { continue }

            request = signed.request
            signer.sign(&request, with: signed.credentials, at: signed.signingTime, payload: signed.signedPayload)
            #expect(request.headers["Authorization"] == signed.result, "case \(number)")
        }
    }

    @Test(arguments: [SignatureCase.Kind.query, .s3Query])
    func `URLs are presigned as botocore presigns them`(kind: SignatureCase.Kind) throws {
        for (number, signed) in Self.cases(of: kind) {
            let signer = try signed.signer()
            let isPayloadSigned = signed.payload == .hash
            let (canonical, _) = signer.prepareQuery(
                signed.request, with: signed.credentials, at: signed.signingTime, lifetime: .seconds(signed.lifetime),
                isPayloadSigned: isPayloadSigned)
            guard Self.agrees(canonical, by: signer, with: signed, number) else { continue }

            let url = signer.presign(
                signed.request, with: signed.credentials, at: signed.signingTime, lifetime: .seconds(signed.lifetime),
                isPayloadSigned: isPayloadSigned)
            // Parameters stand in another order than botocore's, which no signature covers.
            #expect(Self.parameters(url) == Self.parameters(signed.result), "case \(number)")
            #expect(url.prefix { $0 != "?" } == signed.url.prefix { $0 != "?" }, "case \(number)")
        }
    }

    private static func agrees(
        _ canonical: CanonicalRequest, by signer: Signer, with signed: SignatureCase, _ number: Int
    ) -> Bool {
        let text = String(decoding: canonical.bytes, as: UTF8.self)
        guard text == signed.canonicalRequest else {
            Issue.record(
                """
                case \(number), \(signed.method) \(signed.url)
                Tally's canonical request:
                \(text)
                botocore's canonical request:
                \(signed.canonicalRequest)
                """)
            return false
        }
        let stringToSign = String(decoding: signer.stringToSign(canonical, at: signed.signingTime), as: UTF8.self)
        #expect(stringToSign == signed.stringToSign, "case \(number)")
        return true
    }

    private static func parameters(_ url: String) -> [Substring] {
        RequestURL(url).query.split(separator: "&", omittingEmptySubsequences: false).sorted()
    }
}
