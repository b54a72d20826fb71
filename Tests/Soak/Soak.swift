// Calls by the thousand against a server that misbehaves: every call ends, every attempt is counted, nothing stays.
//
//   soak [CALLS] [SEED] [faults|vanishing|invocations]    makes the calls, prints a report as JSON, exits 1 when
//                                                         something is wrong
//   soak serve KIND SEED                                  is the server
import Foundation
import Glibc

@main
struct Soak {
    static func main() async throws {
        // It takes every processor there is, and tests that run beside it measure time.
        _ = nice(10)
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "serve" { return FaultServer(plan: plan(arguments[1], arguments[2])).run() }
        let count = arguments.first.flatMap { Int($0) } ?? 10_000
        let seed = arguments.dropFirst().first ?? "1"
        endAfter(seconds: 540)
        let report = try await SoakRun(plan: plan(arguments.count > 2 ? arguments[2] : "faults", seed), count: count)
            .run()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
        exit(report.problems.isEmpty ? 0 : 1)
    }

    private static func plan(_ kind: String, _ seed: String) -> SoakPlan {
        guard let kind = SoakPlan.Kind(rawValue: kind), let seed = UInt64(seed) else {
            fatalError("soak: no plan \(kind) with seed \(seed)")
        }
        return SoakPlan(kind: kind, seed: seed)
    }

    /// Ends the process when a call does not.
    private static func endAfter(seconds: UInt32) {
        Thread.detachNewThread {
            sleep(seconds)
            FileHandle.standardError.write(Data("soak: calls are still under way after \(seconds) s\n".utf8))
            _exit(2)
        }
    }
}
