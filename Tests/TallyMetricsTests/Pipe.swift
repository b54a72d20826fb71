import Glibc
import TallyMetrics

/// A pipe whose writing end is an output.
final class Pipe: Sendable {
    let output: LineOutput
    let reader: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { fatalError("no pipe: errno \(errno)") }
        reader = ends[0]
        writer = ends[1]
        output = LineOutput(fileDescriptor: writer)
    }

    func setNonBlocking() {
        _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK)
    }

    func closeWriter() {
        close(writer)
    }

    func closeReader() {
        close(reader)
    }

    /// Everything written until the writer is closed.
    func readAll() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(reader, &chunk, chunk.count)
            if count <= 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// The lines of what `body` writes.
    static func lines(writtenBy body: (LineOutput) -> Void) -> [String] {
        let pipe = Pipe()
        body(pipe.output)
        pipe.closeWriter()
        let text = String(decoding: pipe.readAll(), as: UTF8.self)
        pipe.closeReader()
        return text.split(separator: "\n").map(String.init)
    }
}
