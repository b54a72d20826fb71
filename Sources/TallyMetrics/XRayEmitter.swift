import Glibc
import Synchronization
import TallyWire

/// Tells the X-Ray daemon of AWS calls: one datagram for each, handed to the system or dropped, and never waited for.
///
/// Lambda runs the daemon beside the function and names it in `AWS_XRAY_DAEMON_ADDRESS`.
///
/// Source: <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon>
package final class XRayEmitter: Sendable {
    /// The variable that names the daemon.
    package static let variable = "AWS_XRAY_DAEMON_ADDRESS"

    private static let header = Array("{\"format\": \"json\", \"version\": 1}\n".utf8)

    private let socket: DatagramSocket
    private let wallTime: @Sendable () -> Timestamp
    private let drops = Atomic(0)
    private let hasSent = Atomic(false)

    /// Connects to the daemon.
    ///
    /// - Parameter address: The value of ``variable``: `127.0.0.1:2000`, or an address for each protocol, such as
    ///   `tcp:127.0.0.1:2000 udp:127.0.0.2:2001`.
    /// - Throws: ``MetricsConfigurationError`` when the value names no address in numbers.
    package convenience init(daemonAddress address: String) throws(MetricsConfigurationError) {
        guard let (host, port) = Self.udpAddress(in: address) else {
            throw Self.error("\(quoted(address)) has no address for UDP. \(Self.advice)")
        }
        let socket: DatagramSocket
        do throws(DatagramSocket.Failure) {
            socket = try DatagramSocket(host: host, port: port)
        } catch {
            switch error {
            case .notAnAddress:
                throw Self.error("\(quoted(host)) is not an address in numbers. \(Self.advice)")
            case .system(let code):
                throw Self.error("\(quoted(address)) cannot be sent to: \(String(cString: strerror(code))).")
            }
        }
        self.init(socket)
    }

    init(_ socket: consuming DatagramSocket, wallTime: @escaping @Sendable () -> Timestamp = Timestamp.now) {
        self.socket = socket
        self.wallTime = wallTime
    }

    /// Sends a call's subsegment.
    ///
    /// - Parameters:
    ///   - record: The call.
    ///   - id: The subsegment's id.
    ///   - trace: The trace that the call is part of.
    ///   - end: When the call ended.
    func send(_ record: CallRecord, as id: String, in trace: TraceContext, endedAt end: Moment) {
        let subsegment = XRaySubsegment(record, id: id, trace: trace, end: wallTime(), endMoment: end)
        switch socket.send(Self.header + subsegment.json) {
        case .sent: break
        case .sentAfterLoss, .dropped: drops.add(1, ordering: .relaxed)
        }
        hasSent.store(true, ordering: .relaxed)
    }

    /// Takes the count of subsegments that did not reach the daemon, for the line that tells it.
    ///
    /// - Returns: How many there were since they were last taken, as far as the system has told.
    package func drainDrops() -> Int {
        guard hasSent.exchange(false, ordering: .relaxed) else { return 0 }
        return drops.exchange(0, ordering: .relaxed) + (socket.takesLoss() ? 1 : 0)
    }

    // MARK: - The address

    // https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-java-configuration.html: an address for both protocols,
    // or one for each with its name before it.
    static func udpAddress(in value: String) -> (host: String, port: UInt16)? {
        let addresses = value.split(separator: " ")
        let udp = addresses.first { $0.hasPrefix("udp:") }?.dropFirst("udp:".count)
        guard let address = udp ?? addresses.first, !address.hasPrefix("tcp:"), udp != nil || addresses.count == 1,
            let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]), port > 0
        else { return nil }
        var host = address[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return (String(host), port)
    }

    private static let advice =
        "Set it to an address in numbers and a port, such as 127.0.0.1:2000, or to nothing for no trace."

    private static func error(_ message: String) -> MetricsConfigurationError {
        MetricsConfigurationError(variable: variable, message: message)
    }
}
