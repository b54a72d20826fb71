import Foundation
import TallyTestServer
import Testing

/// The executable `soak`, which makes calls by the thousand against a server that misbehaves: in a process of its own,
/// whose descriptors and memory no other test uses.
@Suite(.serialized) struct SoakTests {
    private struct Report: Decodable {
        struct States: Decodable {
            struct State: Decodable {
                let descriptors: Int
            }

            let before, late: State
        }

        let calls, requests, succeeded, unseen, afterClose, invocations: Int
        let faults, failed, operations: [String: Int]
        let states: States
        let problems: [String]
    }

    @Test func `ten thousand calls with random faults all end, are counted exactly and leave nothing behind`()
        async throws
    {
        let report = try await soak("10000", "1", "faults")

        #expect(report.problems == [])
        #expect(report.unseen == 0)
        // That it was a hard time for them: every fault, retries, replays on closed connections, calls given up.
        #expect(report.calls == 10_500)
        #expect(report.requests > report.calls)
        #expect(report.afterClose > 0)
        #expect(report.faults.count == 19 && report.operations.count == 9)
        #expect(report.succeeded > 8_000)
        #expect(report.failed["Cancelled", default: 0] > 100 && report.failed["NoResponse", default: 0] > 50)
        #expect(report.states.late.descriptors > report.states.before.descriptors)
    }

    // A request that meets the reset of its idle connection was put on a wire, and no server sees it.
    @Test func `a reset hides one attempt at most from the server`() async throws {
        let report = try await soak("1000", "1", "vanishing")

        #expect(report.problems == [])
        #expect(report.succeeded == report.calls)
        #expect(report.faults["vanish", default: 0] > 200)
    }

    // Sixty-four invocations at a time, each with four calls at a time.
    @Test func `every invocation side by side with others is told what the server counted for it`() async throws {
        let report = try await soak("20000", "2", "invocations")

        #expect(report.problems == [])
        #expect(report.invocations == 210)
        #expect(report.requests > report.calls)
        #expect(report.faults.count == 17)
    }

    // libcurl does not tell the bytes of such a request.
    @Test(.enabled(if: Tool.compiler.exists, "cc is missing"))
    func `a request that has to wait for room on its connection is counted like any other`() async throws {
        let socket = try FullSocket()

        let report = try await soak("1000", "3", "faults", environment: socket.environment)

        #expect(report.problems == [])
        #expect(report.unseen == 0)
        #expect(socket.refusals > 100)
    }

    private func soak(_ arguments: String..., environment: [String: String] = [:]) async throws -> Report {
        let process = Process()
        let output = Pipe()
        // The test bundle lies beside the executables.
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = bundle.appending(path: "soak")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardOutput = output
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        // 1 says that the report names a problem.
        #expect([0, 1].contains(process.terminationStatus))
        return try JSONDecoder().decode(Report.self, from: output.fileHandleForReading.readDataToEndOfFile())
    }
}
