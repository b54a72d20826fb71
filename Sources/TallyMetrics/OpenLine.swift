import CTally

/// A line that an invocation is owed, with what is known of it so far, where a crash finds it too.
///
/// It lies in memory of C: what writes the line of a process that crashes can call no Swift. There is room for 64 at a
/// time.
package struct OpenLine: Sendable {
    private let token: UInt64

    /// Opens the line of an invocation; `nil` where no ``ProcessEnding`` is installed, and when too many are open.
    ///
    /// - Parameters:
    ///   - invocation: What is known of it; without a request id it has no line.
    ///   - deadline: When Lambda ends it, in nanoseconds since 1970.
    /// - Returns: The open line.
    package static func open(_ invocation: InvocationInfo, deadline: Int64) -> OpenLine? {
        guard let requestID = invocation.requestID else { return nil }
        let token = Optional(requestID).withText { request in
            invocation.traceHeader.withText { trace in
                invocation.tenantID.withText { tenant in tally_line_open(request, trace, tenant, deadline) }
            }
        }
        return token == 0 ? nil : OpenLine(token: token)
    }

    /// Claims the right to write the line, beside any other thread and the handler of crashes.
    ///
    /// - Returns: `true` for exactly one caller.
    func claim() -> Bool {
        tally_line_claim(token)
    }

    /// Tells that the line is out.
    func close() {
        tally_line_is_written(token)
    }

    /// Counts a call that has ended.
    func add(_ call: CallTotals, of service: Service) {
        guard let index = Self.services.firstIndex(of: service) else { return }
        tally_line_add_call(token, UInt32(index), Int64(call.duration / .nanoseconds(1)))
    }

    /// Those whose calls a line tells that is written in the end, in its order.
    static let services: [Service] = [.dynamoDB, .kms, .s3]
}

extension String? {
    @inline(__always)
    fileprivate func withText(_ body: (tally_text) -> UInt64) -> UInt64 {
        let none = tally_text(bytes: nil, count: 0)
        guard let self else { return body(none) }
        // Not `withUTF8`, which needs a copy to change: three times the instructions.
        return self.utf8.withContiguousStorageIfAvailable {
            body(tally_text(bytes: $0.baseAddress, count: $0.count))
        } ?? body(none)
    }
}
