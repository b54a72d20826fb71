/// The items of a query or scan, page after page.
///
///     for try await document in store.query(Document.query(partition: "DOC#1")) { … }
///
/// Each page is read when its first item is asked for, so that ending early saves the rest.
public struct ItemSequence<Root: Model>: AsyncSequence, Sendable {
    /// A model.
    public typealias Element = Root

    /// Reads the items in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let read: @Sendable (Cursor?) async throws -> Page<Root>
        private var items: ArraySlice<Root> = []
        private var cursor: Cursor?
        private var isAtEnd = false

        fileprivate init(_ read: @escaping @Sendable (Cursor?) async throws -> Page<Root>) {
            self.read = read
        }

        /// Returns the next item, or `nil` after the last.
        ///
        /// - Returns: The next item, or `nil` after the last.
        /// - Throws: `ServiceError` when a page cannot be read, ``ModelError`` when an item does not fit the model.
        public mutating func next() async throws -> Root? {
            // A page may be empty and still not be the last.
            while items.isEmpty {
                if isAtEnd { return nil }
                let page = try await read(cursor)
                items = page.items[...]
                cursor = page.cursor
                isAtEnd = page.cursor == nil
            }
            return items.removeFirst()
        }
    }

    let read: @Sendable (Cursor?) async throws -> Page<Root>

    /// Returns an iterator that begins with the first page.
    ///
    /// - Returns: The iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(read)
    }

    /// Reads every item into memory.
    ///
    /// - Returns: The items in order.
    /// - Throws: `ServiceError` when a page cannot be read, ``ModelError`` when an item does not fit the model.
    public func collect() async throws -> [Root] {
        var items: [Root] = []
        for try await item in self { items.append(item) }
        return items
    }
}
