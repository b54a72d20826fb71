import Foundation

@testable import TallyAWS

/// Files of JSON lines that a script beside the tests makes with an independent client.
enum CaseFile {
    /// Whether the variable names a file; tests that need it are skipped where it does not.
    static func isNamed(by variable: String) -> Bool {
        ProcessEnvironment.value(variable)?.isEmpty == false
    }

    /// The file's lines; none where the variable names no file.
    static func lines<Line: Decodable>(of variable: String, madeBy script: String) -> [Line] {
        guard isNamed(by: variable), let path = ProcessEnvironment.value(variable) else { return [] }
        do {
            let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
            return try lines.map { try JSONDecoder().decode(Line.self, from: $0) }
        } catch {
            fatalError("\(variable): \(path): \(error). Make it with scripts/support/\(script).")
        }
    }
}
