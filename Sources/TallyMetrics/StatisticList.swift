/// Values by the names of statistics.
///
/// In lists and not a dictionary: there are a few, and the same names come again and again as the same literals, which
/// are compared faster than hashed.
struct StatisticList<Value: Sendable & Hashable>: Sendable {
    private var names: [StatisticName] = []
    private var values: [Value] = []

    /// All of them.
    var dictionary: [StatisticName: Value] { Dictionary(uniqueKeysWithValues: zip(names, values)) }

    init(_ values: [StatisticName: Value] = [:]) {
        names = Array(values.keys)
        self.values = Array(values.values)
    }

    /// Changes the value of a name, which begins as `initial`.
    ///
    /// - Returns: Whether there was room for it.
    mutating func update(
        _ name: StatisticName, from initial: @autoclosure () -> Value, _ change: (inout Value) -> Void
    ) -> Bool {
        if let index = names.firstIndex(of: name) {
            change(&values[index])
            return true
        }
        guard names.count < Statistics.nameLimit else { return false }
        var value = initial()
        change(&value)
        names.append(name)
        values.append(value)
        return true
    }

    /// Adds what another list has, in so far as there is no limit to names.
    mutating func merge(_ other: StatisticList, _ sum: (Value, Value) -> Value) {
        self = StatisticList(dictionary.merging(other.dictionary, uniquingKeysWith: sum))
    }
}

extension StatisticList: Hashable {
    // The order says only who came first.
    static func == (left: StatisticList, right: StatisticList) -> Bool { left.dictionary == right.dictionary }

    func hash(into hasher: inout Hasher) { hasher.combine(dictionary) }
}
