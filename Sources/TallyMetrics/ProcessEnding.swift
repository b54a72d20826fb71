import CTally

/// What becomes of open lines when the process ends by a crash or by `exit`: C writes them, see ``OpenLine``.
package enum ProcessEnding {
    /// Installs the handlers of crashes and of `exit`.
    ///
    /// Call it once, on the main thread, whose stack may overflow from then on without taking the line along. Crashes
    /// go on as before afterwards: to who handled them before, or to the default action.
    ///
    /// - Parameters:
    ///   - line: Makes the lines.
    ///   - isCold: Whether the first line is one of a cold start.
    /// - Returns: Whether it could.
    @discardableResult
    package static func install(_ line: EMFLine, isCold: Bool) -> Bool {
        line.endingTemplate(isFirst: true).withText { first in
            line.endingTemplate(isFirst: false).withText { other in
                line.exitMessageTemplate.withText { message in
                    tally_endings_install(
                        tally_ending(
                            first_line: first, line: other, exit_message: message, descriptor: 1, is_cold: isCold))
                }
            }
        }
    }

    /// Remembers what init took, for the first line.
    ///
    /// - Parameter duration: From the start of the process to its first request for an event.
    package static func initialised(after duration: Duration) {
        tally_endings_set_init_duration(Int64(duration / .nanoseconds(1)))
    }

    /// Remembers that the first line is out, which alone tells of init.
    package static func firstLineIsTold() {
        tally_endings_first_line_is_told()
    }

    /// Waits a moment for lines that other threads are writing, before the process ends.
    package static func settle() {
        tally_lines_settle()
    }
}

extension [UInt8] {
    fileprivate func withText<Result>(_ body: (tally_text) -> Result) -> Result {
        withUnsafeBufferPointer { body(tally_text(bytes: $0.baseAddress, count: $0.count)) }
    }
}
