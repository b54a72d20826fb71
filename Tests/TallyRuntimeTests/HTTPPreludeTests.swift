import Testing

@testable import TallyRuntime

@Suite struct HTTPPreludeTests {
    @Test func `what HTTP allows passes`() throws {
        let headers = ["Content-Type": "text/plain; charset=utf-8", "x-a_b.c~1": "", "X-Tab": "a\tb", "X-Name": "é"]
        try HTTPPrelude(status: 100, headers: headers, cookies: ["a=b; Path=/", ""]).check()
        try HTTPPrelude(status: 599, headers: [:], cookies: []).check()
    }

    @Test(arguments: [
        HTTPPrelude(status: 99, headers: [:], cookies: []),
        HTTPPrelude(status: 600, headers: [:], cookies: []),
        HTTPPrelude(status: 200, headers: ["": "a"], cookies: []),
        HTTPPrelude(status: 200, headers: ["A B": "a"], cookies: []),
        HTTPPrelude(status: 200, headers: ["X-É": "a"], cookies: []),
        HTTPPrelude(status: 200, headers: ["A": "a\r\nB: b"], cookies: []),
        HTTPPrelude(status: 200, headers: ["A": "a\0"], cookies: []),
        HTTPPrelude(status: 200, headers: [:], cookies: ["a=b", "c=d\n"]),
    ])
    func `what HTTP does not have is refused, by what it is`(prelude: HTTPPrelude) {
        let error = #expect(throws: RuntimeError.self) { try prelude.check() }

        #expect(error?.code == .invalidResponseHead)
    }

    @Test func `a prelude without cookies has none, and ends in eight NULs`() {
        let bytes = HTTPPrelude(status: 204, headers: ["B": "2", "A": "1"], cookies: []).bytes

        #expect(bytes.suffix(8).allSatisfy { $0 == 0 })
        #expect(
            String(decoding: bytes.dropLast(8), as: UTF8.self) == #"{"statusCode":204,"headers":{"A":"1","B":"2"}}"#)
    }
}
