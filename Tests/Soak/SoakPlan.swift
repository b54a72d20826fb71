/// What happens to each call of a run: all of it follows from the seed, so that a run can be made again.
struct SoakPlan {
    /// Which faults there are.
    enum Kind: String {
        /// Every fault after which both sides know exactly what was put on the wire.
        case faults
        /// Connections that are reset while idle: a request may meet the reset on its way, and no server sees it.
        case vanishing
        /// Faults after which both sides also know which bytes and units counted, in calls that are all waited for.
        case invocations
    }

    /// A call that its caller gives up.
    enum Ending {
        /// Its task is cancelled.
        case cancelled(after: Duration)
        /// Its time is over.
        case timedOut(after: Duration)
    }

    let kind: Kind
    let seed: UInt64

    /// The operation that a call makes.
    func operation(of call: Int) -> SoakOperation {
        let all = SoakOperation.allCases.filter { kind != .invocations || $0 != .dropObject }
        return all[Int(word(call, 1) % UInt64(all.count))]
    }

    /// How the caller of a call gives it up; `nil` for one that is waited for.
    func ending(of call: Int) -> Ending? {
        guard kind == .faults else { return nil }
        let after = Duration.microseconds(Int(word(call, 3) % 16) * 1_000)
        return switch word(call, 2) % 100 {
        case 0..<6: .cancelled(after: after)
        case 6..<9: .timedOut(after: after + .milliseconds(1))
        default: nil
        }
    }

    /// What goes wrong with the request of a call that arrives as number `arrival`, from 0.
    func fault(of call: Int, arrival: Int) -> Fault {
        let word = word(call, 4 + UInt64(arrival))
        if kind == .vanishing { return word % 4 == 0 ? .vanish : .none }
        // Of 1,000: the rest have no fault.
        var rank = Int(word % 1_000)
        for (fault, share) in Self.shares {
            if rank < share {
                if fault == .silence, ending(of: call) == nil { return .delay }
                // A reset takes back what had not been read, as much as chance has it.
                return fault == .resetBody && kind == .invocations ? .cutBody : fault
            }
            rank -= share
        }
        return .none
    }

    /// A number from 0 up to `bound`, which is one of the request's own.
    func number(below bound: Int, for call: Int, arrival: Int) -> Int {
        Int(word(call, 1_000 + UInt64(arrival)) % UInt64(bound))
    }

    /// Whether a call that is waited for has to succeed, however often the transport sends its request anew.
    func hasToSucceed(_ call: Int) -> Bool {
        ending(of: call) == nil && (0..<8).allSatisfy { fault(of: call, arrival: $0).isHarmless }
    }

    private static let shares: [(Fault, Int)] = [
        (.delay, 40), (.drip, 20), (.interim, 10), (.lastAnswer, 15), (.closeIdle, 40), (.throttle, 30),
        (.serverError, 20), (.unavailable, 20), (.wrongChecksum, 15), (.garbage, 10), (.silence, 100),
        (.closeUnanswered, 20), (.reset, 20), (.resetUpload, 10), (.cutHead, 10), (.resetAfterStatus, 15),
        (.cutBody, 20),
        (.resetBody, 15),
    ]

    /// SplitMix64's mixing, of three numbers.
    private func word(_ call: Int, _ purpose: UInt64) -> UInt64 {
        var word = seed &+ UInt64(call) &* 0x9E37_79B9_7F4A_7C15 &+ purpose &* 0xD1B5_4A32_D192_ED03
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
