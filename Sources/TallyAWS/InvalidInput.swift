/// What is wrong with the input of a call, found before anything is sent.
struct InvalidInput: Error {
    let message: String

    init(message: String) {
        self.message = message
    }

    /// Checks a number that the service bounds.
    static func check(_ count: Int, in bounds: ClosedRange<Int>, _ what: String) throws(InvalidInput) {
        guard !bounds.contains(count) else { return }
        throw InvalidInput(
            message: "one request takes \(bounds.lowerBound) to \(bounds.upperBound) \(what), this one has \(count).")
    }
}
