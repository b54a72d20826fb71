import TallyHTTP
import Testing

@Suite struct HeadersTests {
    @Test func `a header is found whatever the case of its name`() {
        let headers: Headers = ["Content-Type": "text/plain", "A-Z[": "1", "a-z{": "2"]

        #expect(headers["content-type"] == "text/plain")
        #expect(headers["CONTENT-TYPE"] == "text/plain")
        #expect(headers["a-z["] == "1")
        #expect(headers["A-Z{"] == "2")
        #expect(headers["content-typ"] == nil)
    }

    @Test func `setting a header replaces every field of its name`() {
        var headers: Headers = ["A": "1", "a": "2", "B": "3"]

        headers["A"] = "4"

        #expect(headers.fields.map(\.value) == ["3", "4"])
    }
}
