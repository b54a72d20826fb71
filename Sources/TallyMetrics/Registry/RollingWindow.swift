/// The last 60 seconds of one metric in 60 slots of one second: the running one and the 59 before it.
///
/// For looking at what goes on now. It is no source for exports: what is read from it twice is there twice.
struct RollingWindow: Sendable {
    private struct Slot {
        var second = Int.min
        var count = 0
        var sum = 0.0
        var minimum = Double.infinity
        var maximum = -Double.infinity
    }

    struct Contents: Equatable {
        var count = 0
        var sum = 0.0
        var minimum: Double?
        var maximum: Double?
        /// The first and the last second in which there was anything; `nil` when there was nothing.
        var seconds: ClosedRange<Int>?
    }

    static let length = 60

    private var slots = [Slot](repeating: Slot(), count: length)

    /// Adds a value.
    ///
    /// - Parameters:
    ///   - value: A finite number.
    ///   - second: The running second, counted from any moment on, not negative.
    mutating func add(_ value: Double, at second: Int) {
        let position = second % Self.length
        // Who read the clock before others and came after them may be a lap late: the slot is newer then.
        guard slots[position].second <= second else { return }
        if slots[position].second < second { slots[position] = Slot(second: second) }
        slots[position].count += 1
        slots[position].sum += value
        slots[position].minimum = min(slots[position].minimum, value)
        slots[position].maximum = max(slots[position].maximum, value)
    }

    /// What the window holds when `second` is the running one.
    func contents(at second: Int) -> Contents {
        var contents = Contents()
        for slot in slots where slot.count > 0 && slot.second > second - Self.length {
            contents.count += slot.count
            contents.sum += slot.sum
            contents.minimum = min(contents.minimum ?? slot.minimum, slot.minimum)
            contents.maximum = max(contents.maximum ?? slot.maximum, slot.maximum)
            let seconds = contents.seconds ?? slot.second...slot.second
            contents.seconds = min(seconds.lowerBound, slot.second)...max(seconds.upperBound, slot.second)
        }
        return contents
    }
}
