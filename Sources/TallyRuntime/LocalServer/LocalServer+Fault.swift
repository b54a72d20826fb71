extension LocalServer {
    /// What the function asks of the server for an invocation.
    package enum Stage: Sendable, Hashable {
        /// The invocation's event, for the first, second, … time: one that a fault has withheld is handed out again.
        case next(attempt: Int)
        /// That its answer is taken.
        case response
        /// That its error is taken.
        case error
    }

    /// How the server spoils one answer to the function, to see what becomes of it.
    ///
    /// A fault changes what the function is told and nothing else: of a `response` or an `error` the caller has the
    /// answer all the same, and an event that was not handed out whole goes to the next `next`.
    package enum Fault: Sendable, Hashable {
        /// How much of the answer goes out before the connection ends.
        package enum Point: Sendable, Hashable {
            /// Nothing.
            case start
            /// Half of status line and headers.
            case headers
            /// All headers and half of the body.
            case body

            /// Counts the bytes that go out.
            ///
            /// - Parameters:
            ///   - head: The bytes of status line and headers.
            ///   - whole: The bytes of the whole answer.
            /// - Returns: How many go out.
            func byteCount(head: Int, whole: Int) -> Int {
                switch self {
                case .start: 0
                case .headers: head / 2
                // Of an empty body, all but the last byte before it: what is whole is no fault.
                case .body: min(head + (whole - head) / 2, whole - 1)
                }
            }
        }

        /// Closes the connection.
        case close(Point)
        /// Resets the connection.
        case reset(Point)
        /// Answers with a status of its own, from 200 to 599, and the JSON of an error.
        case status(Int)
        /// Sends the answer one byte at a time.
        case oneByteAtATime
        /// Sends the body in chunks.
        case chunked

        /// Whether the function has no event after it.
        var withholdsEvent: Bool {
            switch self {
            case .close, .reset, .status: true
            case .oneByteAtATime, .chunked: false
            }
        }
    }
}
