import Foundation
import Glibc

/// The other side of the soak: a server in a process of its own, which ends with its standard input.
///
/// It prints its port. To each line that it reads it answers with what it has seen, once all connections have ended or
/// after 10 s.
struct FaultServer {
    let plan: SoakPlan
    private let ledger = RequestLedger()
    private let listener: Int32
    private let port: UInt16

    init(plan: SoakPlan) {
        self.plan = plan
        signal(SIGPIPE, SIG_IGN)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 1_024) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { fatalError("soak: no port to listen on (errno \(errno))") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Serves until standard input ends.
    func run() {
        say("\(port)")
        var deadline: ContinuousClock.Instant?
        while true {
            // One thread accepts and reports: at the report no connection can be on its way between the two.
            let (hasConnection, hasInput) = wait(milliseconds: deadline == nil ? -1 : 5)
            if hasInput {
                guard readLine() != nil else { return }
                deadline = .now + .seconds(10)
            }
            if hasConnection {
                accept()
            } else if let limit = deadline, ledger.openConnections == 0 || .now >= limit {
                report()
                deadline = nil
            }
        }
    }

    private func wait(milliseconds: Int32) -> (hasConnection: Bool, hasInput: Bool) {
        var sources = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0), pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
        ]
        poll(&sources, 2, milliseconds)
        return (sources[0].revents != 0, sources[1].revents != 0)
    }

    private func accept() {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { fatalError("soak: no connection could be accepted (errno \(errno))") }
        ledger.connectionBegan()
        let (plan, ledger) = (plan, ledger)
        let thread = Thread { FaultConnection(socket, plan: plan, ledger: ledger).run() }
        thread.stackSize = 512 << 10
        thread.start()
    }

    private func report() {
        do {
            say(String(decoding: try JSONEncoder().encode(ledger.report), as: UTF8.self))
        } catch {
            fatalError("soak: \(error)")
        }
    }

    // Not `print`, which keeps lines to itself while standard output is a pipe.
    private func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
