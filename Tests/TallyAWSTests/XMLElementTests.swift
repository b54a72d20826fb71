import TallyWire
import Testing

@testable import TallyAWS

@Suite struct XMLElementTests {
    private func element(_ text: String) -> XMLElement? { XMLElement(Array(text.utf8)) }

    @Test func `texts and children are found by name, in order`() {
        let element = element(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- > --><InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/" a='>'>
              <Bucket>b</Bucket><Owner><ID>1</ID></Owner><Empty/><Key>a &amp; b&#x20;&#99;<![CDATA[<&>]]></Key >
              <UploadId>first</UploadId><UploadId>second</UploadId>
            </InitiateMultipartUploadResult>
            """
        )

        #expect(element?.name == "InitiateMultipartUploadResult")
        #expect(element?["UploadId"] == "first")
        #expect(element?.all("UploadId").map(\.text) == ["first", "second"])
        #expect(element?["Key"] == "a & b c<&>")
        #expect(element?["Empty"] == "")
        #expect(element?["ID"] == nil)
        #expect(element?.first("Owner")?["ID"] == "1")
        #expect(element?.find("ID")?.text == "1")
        #expect(element?.find("Nothing") == nil)
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a><b></a></b>", "<!DOCTYPE a><a/>", "<a>&x;</a>",
        "<a>&amp</a>", "<a", "<>", "< a/>", "<a b='></a>", "<a>&#xD800;</a>", "<a><![CDATA[x</a>", "<!-- <a/>",
    ])
    func `what is not well formed is not half read`(text: String) {
        #expect(element(text) == nil)
    }

    @Test func `depth and size are bounded`() {
        #expect(element(String(repeating: "<a>", count: 32) + String(repeating: "</a>", count: 32)) != nil)
        #expect(element(String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33)) == nil)
        #expect(element("<a>\(String(repeating: "x", count: 16 << 20))</a>") == nil)
    }

    @Test func `bytes that are no text are refused`() {
        #expect(XMLElement(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == nil)
    }

    @Test func `random cuts and changes of a document never trap`() {
        let document = Array("<?xml?><Error a=\"b\"><Code>SlowDown</Code><M>a&amp;b</M><![CDATA[x]]></Error>".utf8)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            var bytes = Array(document.prefix(Int.random(in: 0...document.count, using: &generator)))
            if let index = bytes.indices.randomElement() { bytes[index] = "<>&/\"!-]?".utf8.randomElement() ?? 0 }
            _ = XMLElement(bytes)
            _ = ErrorBody(bytes)
        }
    }
}
