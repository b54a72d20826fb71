import Foundation

/// The server, in a process of its own: this one's descriptors and memory are the client's alone.
final class ServerProcess {
    let port: Int
    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()

    init(_ plan: SoakPlan) throws {
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["serve", plan.kind.rawValue, "\(plan.seed)"]
        process.standardInput = commands
        process.standardOutput = answers
        try process.run()
        port = Int(Self.line(from: answers)) ?? 0
    }

    /// Waits until all connections have ended, and returns what the server has seen.
    func report() throws -> RequestLedger.Report {
        try commands.fileHandleForWriting.write(contentsOf: Data("report\n".utf8))
        return try JSONDecoder().decode(RequestLedger.Report.self, from: Data(Self.line(from: answers).utf8))
    }

    func stop() throws {
        try commands.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static func line(from pipe: Pipe) -> String {
        var line = Data()
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1), let first = byte.first, first != 10 {
            line.append(first)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
