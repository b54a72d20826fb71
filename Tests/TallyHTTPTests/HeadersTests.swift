import TallyHTTP
import Testing

@Suite struct HeadersTests {
    @Test func `a header is found whatever the case of its name`() {
        let headers: Headers = ["Content-Type": "text/plain"]

        #expect(headers["content-type"] == "text/plain")
    }

    @Test func `setting a header replaces every field of its name`() {
        var headers: Headers = ["A": "1", "a": "2", "B": "3"]

        headers["A"] = "4"

        #expect(headers.fields.map(\.value) == ["3", "4"])
    }
}
