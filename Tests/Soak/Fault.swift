/// What goes wrong with one request, if anything.
enum Fault: String, CaseIterable, Codable {
    /// The right answer at once.
    case none
    /// The right answer after a while.
    case delay
    /// The right answer in small pieces.
    case drip
    /// An interim answer before the right one.
    case interim
    /// The right answer with `Connection: close`, and the end of the connection.
    case lastAnswer
    /// The right answer, and the end of the connection while it is idle.
    case closeIdle
    /// An error of throttling.
    case throttle
    /// The status 500.
    case serverError
    /// The status 503.
    case unavailable
    /// The right answer with a checksum of other bytes.
    case wrongChecksum
    /// Bytes that are not HTTP.
    case garbage
    /// An answer that never comes.
    case silence
    /// An end of the connection before any byte.
    case closeUnanswered
    /// A reset before any byte.
    case reset
    /// A reset before the request has been read whole.
    case resetUpload
    /// An end of the connection after the status line.
    case cutHead
    /// A reset after the status line.
    case resetAfterStatus
    /// An end of the connection in the middle of the body.
    case cutBody
    /// A reset in the middle of the body.
    case resetBody
    /// The right answer, and a reset while the connection is idle, at once or after a while.
    case vanish

    /// Whether the call gets its answer although nothing is asked a second time by Tally.
    var isHarmless: Bool {
        [.none, .delay, .drip, .interim, .lastAnswer, .closeIdle, .vanish].contains(self)
    }
}
