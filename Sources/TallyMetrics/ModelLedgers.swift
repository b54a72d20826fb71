/// The accounts of the models that an invocation touched.
///
/// In a list and not a dictionary: there are a few, and hashing a name takes longer than comparing it with each.
struct ModelLedgers: Sendable {
    private var entries: [(name: ModelName, ledger: CallLedger)] = []

    /// A model's account; `nil` where it was not touched.
    subscript(name: ModelName) -> CallLedger? { entries.first { $0.name == name }?.ledger }

    /// Changes a model's account, which is made where there is none.
    mutating func update(_ name: ModelName, _ change: (inout CallLedger) -> Void) {
        if let index = entries.firstIndex(where: { $0.name == name }) { return change(&entries[index].ledger) }
        var ledger = CallLedger()
        change(&ledger)
        entries.append((name, ledger))
    }
}
