import Synchronization
import TallyHTTP
import TallyWire
import Testing

@testable import TallyAWS

@Suite struct ChunkedUploadTests {
    /// A checksum that AWS's example uses and Tally does not compute.
    private struct Published: RunningChecksum {
        mutating func update(_ bytes: some Collection<UInt8>) {}
        var base64: String { "sOO8/Q==" }
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    @Test func `AWS's example of signed chunks and a signed trailer comes out byte for byte`() async throws {
        let content = [UInt8](repeating: UInt8(ascii: "a"), count: 66_560)
        var request = Request(
            .put, "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
            headers: ["x-amz-storage-class": "REDUCED_REDUNDANCY"], body: .bytes(content))
        let signer = Signer(service: "s3", region: "us-east-1", paths: .verbatim)

        signer.sign(
            &request,
            with: Credentials(
                accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            at: try #require(Timestamp(iso8601: "2013-05-24T00:00:00Z")),
            payload: .chunked(.init("x-amz-checksum-crc32c", length: 8) { Published() }, isSigned: true))

        #expect(
            request.headers["Authorization"]?.hasSuffix(
                "Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e") == true)
        let expected =
            "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
            + String(repeating: "a", count: 65_536) + "\r\n"
            + "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
            + String(repeating: "a", count: 1_024) + "\r\n"
            + "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
            + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
            + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
        let framed = try await request.body.open().collect()
        #expect(String(decoding: framed, as: UTF8.self) == expected)
        #expect(request.body.count == expected.utf8.count)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000], [true, false])
    func `the length is known before the content is read, whatever its pieces`(
        count: Int, isSigned: Bool
    ) async throws {
        let content = RequestBody.stream(count: count) {
            let left = Mutex(count)
            return ByteStream {
                left.withLock { left in
                    let size = min(left, 1_000)
                    left -= size
                    return size == 0 ? nil : [UInt8](repeating: 7, count: size)
                }
            }
        }
        let upload = ChunkedUpload(content, trailer: .crc64NVME)

        let body = upload.body(
            signing: isSigned ? ChunkedUpload.Signing(key: [1, 2, 3], context: "c", seed: "s") : nil)

        let framed = try await body.open().collect()
        #expect(framed.count == body.count)
        var sum = CRC64NVME()
        sum.update([UInt8](repeating: 7, count: count))
        let text = String(decoding: framed, as: UTF8.self)
        #expect(text.contains("x-amz-checksum-crc64nvme:\(sum.base64)\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [[65_535, 2], [65_536, 1], [65_537], [1, 65_535, 1]])
    func `chunks are full wherever the content's pieces end`(sizes: [Int]) async throws {
        let content = RequestBody.stream(count: sizes.reduce(0, +)) {
            let left = Mutex(sizes[...])
            return ByteStream { left.withLock { $0.popFirst() }.map { [UInt8](repeating: 7, count: $0) } }
        }
        let body = ChunkedUpload(content, trailer: .crc32).body(signing: nil)

        let framed = String(decoding: try await body.open().collect(), as: UTF8.self)

        let frames = framed.split(separator: "\r\n").filter { $0.utf8.count < 10 }
        #expect(frames == ["10000", "1", "\u{7}", "0"])
        #expect(framed.utf8.count == body.count)
    }

    @Test func `a body is framed alike each time it is sent`() async throws {
        let body = ChunkedUpload(.bytes(Array("hello".utf8)), trailer: .crc32).body(signing: nil)

        let first = try await body.open().collect()
        let second = try await body.open().collect()

        #expect(String(decoding: first, as: UTF8.self) == "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
        #expect(first == second)
    }

    @Test func `an encoding of the content's own stays`() {
        var headers: Headers = ["Content-Encoding": "gzip"]

        ChunkedUpload(.bytes([1, 2]), trailer: .crc32).announce(in: &headers)

        #expect(headers["Content-Encoding"] == "aws-chunked,gzip")
        #expect(headers["x-amz-decoded-content-length"] == "2")
        #expect(headers["x-amz-trailer"] == "x-amz-checksum-crc32")
    }
}
