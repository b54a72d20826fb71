import Glibc
import Synchronization

/// A file descriptor that lines are written to, each whole, whoever else writes.
///
/// Lines go out with `write(2)` at once, since what stays in a buffer of the process waits for the next invocation or
/// is lost. All writers of one descriptor must share one value, as ``standardOutput`` is shared: a pipe keeps writes
/// apart up to 4,096 bytes only, and lines are longer. The process must ignore `SIGPIPE`, as Tally's runtime does.
public final class LineOutput: Sendable {
    /// The function's log, for the logger's lines and the metrics' alike.
    public static let standardOutput = LineOutput(fileDescriptor: STDOUT_FILENO)

    private let fileDescriptor: Int32
    private let take: (@Sendable ([UInt8]) -> Void)?
    private let turn = Mutex(())

    /// Creates an output.
    ///
    /// - Parameter fileDescriptor: Stays open as long as the output is used; is not closed by it.
    public init(fileDescriptor: Int32) {
        self.fileDescriptor = fileDescriptor
        take = nil
    }

    /// Creates an output that hands lines on, for tests.
    ///
    /// - Parameter take: Takes one line after another; those of one invocation may come together.
    package init(_ take: @escaping @Sendable ([UInt8]) -> Void) {
        fileDescriptor = -1
        self.take = take
    }

    /// Writes one line.
    ///
    /// - Parameter line: The line with its line feed.
    /// - Returns: Whether all of it was written. A log that is broken is no reason to fail an invocation, so this is not
    ///   an error.
    @discardableResult
    public func write(_ line: [UInt8]) -> Bool {
        turn.withLock { _ in
            if let take {
                take(line)
                return true
            }
            return line.withUnsafeBytes { bytes in
                var written = 0
                while written < bytes.count {
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                    let count = Glibc.write(fileDescriptor, rest.baseAddress, rest.count)
                    if count > 0 {
                        written += count
                        continue
                    }
                    guard count < 0 else { return false }
                    switch errno {
                    case EINTR: continue
                    case EAGAIN: waitUntilWritable()
                    default: return false
                    }
                }
                return true
            }
        }
    }

    // Whoever shares the descriptor may have made it non-blocking.
    private func waitUntilWritable() {
        var descriptor = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&descriptor, 1, -1)
    }
}
