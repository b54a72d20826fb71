/// The sum of one detailed line.
struct DetailRow: Sendable {
    /// 100 values of one metric fit into one document.
    static let sampleLimit = MetricRules.valueLimit

    private(set) var totals = CallTotals()
    /// How long calls were on the wire: all of them up to the limit, then as fair a choice among all of them.
    private(set) var samples: [Duration] = []

    mutating func add(_ call: CallTotals) {
        totals += call
        guard samples.count == Self.sampleLimit else { return samples.append(call.duration) }
        // Each of n calls stays with the same chance (algorithm R), so that percentiles are those of all of them.
        // Chance need not be random here, only independent of what is measured.
        let position = Int(Self.mixed(UInt64(totals.calls)) % UInt64(totals.calls))
        if position < Self.sampleLimit { samples[position] = call.duration }
    }

    mutating func add(_ share: CapacityShare) {
        if let units = share.readUnits { totals.readUnits = (totals.readUnits ?? 0) + units }
        if let units = share.writeUnits { totals.writeUnits = (totals.writeUnits ?? 0) + units }
    }

    mutating func addError() {
        totals.errors += 1
    }

    /// SplitMix64's mixing. <https://prng.di.unimi.it/splitmix64.c>
    private static func mixed(_ number: UInt64) -> UInt64 {
        var value = number &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
