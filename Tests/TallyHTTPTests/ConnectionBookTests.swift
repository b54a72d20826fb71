import Testing

@testable import TallyHTTP

@Suite struct ConnectionBookTests {
    @Test func `a connection is found by its port once it was used`() {
        var book = ConnectionBook()
        book.open(7)
        #expect(book.socket(port: 5_000) == nil)

        book.keep(7, port: 5_000)
        #expect(book.socket(port: 5_000) == 7)
        #expect(book.age(port: 5_000) != nil)
        #expect(book.age(port: 5_001) == nil)
    }

    @Test func `a socket that is opened anew is another connection`() {
        var book = ConnectionBook()
        book.open(7)
        book.keep(7, port: 5_000)

        book.open(7)
        #expect(book.socket(port: 5_000) == nil)
    }

    @Test func `of two connections with one port the younger is found`() {
        var book = ConnectionBook()
        for socket in [7, 8] as [Int32] {
            book.open(socket)
            book.keep(socket, port: 5_000)
        }
        #expect(book.socket(port: 5_000) == 8)

        book.open(8)
        #expect(book.socket(port: 5_000) == nil)
    }
}
