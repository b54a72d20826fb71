/// The accounts of the models that an invocation touched.
///
/// In lists and not a dictionary: there are a few, and hashing a name takes longer than comparing it with each. Names
/// and accounts are apart, since whoever looks at a pair of them copies both.
struct ModelLedgers: Sendable {
    private var names: [ModelName] = []
    private var ledgers: [CallLedger] = []

    /// A model's account; `nil` where it was not touched.
    subscript(name: ModelName) -> CallLedger? { names.firstIndex(of: name).map { ledgers[$0] } }

    /// Changes a model's account, which is made where there is none.
    mutating func update(_ name: ModelName, _ change: (inout CallLedger) -> Void) {
        if let index = names.firstIndex(of: name) { return change(&ledgers[index]) }
        names.append(name)
        ledgers.append(CallLedger())
        change(&ledgers[ledgers.count - 1])
    }
}
