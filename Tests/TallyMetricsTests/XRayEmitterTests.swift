import Glibc
import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct XRayEmitterTests {
    private static let root = "1-5759e988-bd862e3fe1be46a994272793"
    private static let sampled = "Root=\(root);Parent=53995c3f42cd8ad8;Sampled=1"

    private func scope(
        _ emitter: XRayEmitter?, header: String? = sampled, level: MetricsLevel = .summary
    ) -> MetricsScope {
        MetricsScope(InvocationInfo(traceHeader: header), level: level, emitter: emitter)
    }

    /// Makes a call as a client does.
    private func call(_ operation: String = "PutItem", in scope: MetricsScope) {
        MetricsScope.record(
            record(.dynamoDB, operation) { $0.subsegmentID = scope.traceOfCall()?.subsegmentID }, in: scope)
    }

    private func document(_ datagram: [UInt8]?) throws -> JSONNode {
        let datagram = try #require(datagram)
        #expect(SegmentValidator.violations(in: datagram) == [])
        return try JSONNode(parsing: Array(datagram.drop { $0 != UInt8(ascii: "\n") }))
    }

    // MARK: - What is sent

    @Test func `each call of a sampled invocation is one datagram, with the id that the service was told`() async throws
    {
        let receiver = try DatagramReceiver()
        let scope = scope(try XRayEmitter(daemonAddress: receiver.address))

        let trace = try #require(scope.traceOfCall())
        MetricsScope.record(record { $0.subsegmentID = trace.subsegmentID }, in: scope)

        let datagrams = try await receiver.wait()
        #expect(datagrams.count == 1)
        let document = try document(datagrams.first)
        #expect(document["name"]?.text == "DynamoDB")
        #expect(document["trace_id"]?.text == Self.root)
        #expect(document["parent_id"]?.text == "53995c3f42cd8ad8")
        #expect(document["id"]?.text == trace.subsegmentID)
        #expect(trace.header == "Root=\(Self.root);Parent=\(trace.subsegmentID ?? "");Sampled=1")
    }

    @Test func `a datagram is the daemon's header and the document, with the wall clock at the call's end`() throws {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &pair) == 0)
        defer { close(pair[1]) }
        let emitter = XRayEmitter(DatagramSocket(fileDescriptor: pair[0])) {
            Timestamp(milliseconds: 1_795_219_143_000)
        }
        let call = record(.s3, "PutObject", on: "files", startedAt: epoch) { call in
            call.subsegmentID = "00000000000000ff"
            call.status = 200
        }

        MetricsScope.record(call, in: scope(emitter), at: epoch + .microseconds(1_500_001))

        let datagrams = DatagramReceiver.datagrams(in: pair[1]).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            datagrams == [
                #"{"format": "json", "version": 1}"# + "\n"
                    + #"{"name":"S3","id":"00000000000000ff","trace_id":"1-5759e988-bd862e3fe1be46a994272793","#
                    + #""parent_id":"53995c3f42cd8ad8","type":"subsegment","start_time":1795219141.499999,"#
                    + #""end_time":1795219143.000000,"namespace":"aws","aws":{"operation":"PutObject","#
                    + #""bucket_name":"files","retries":0},"http":{"response":{"status":200}}}"#
            ])
    }

    @Test(arguments: [
        "Root=\(root);Parent=53995c3f42cd8ad8;Sampled=0", "Root=\(root);Parent=53995c3f42cd8ad8",
        "Root=\(root);Sampled=1",
    ])
    func `what is not sampled, or has no parent, is passed on as it is and not sent`(header: String) async throws {
        let receiver = try DatagramReceiver()
        let emitter = try XRayEmitter(daemonAddress: receiver.address)
        let quiet = scope(emitter, header: header)

        call("GetItem", in: quiet)
        call("PutItem", in: scope(emitter))

        #expect(quiet.traceOfCall()?.header == header)
        let operations = try await receiver.wait().map { try document($0)["aws"]?["operation"]?.text }
        #expect(operations == ["PutItem"])
    }

    @Test func `without a daemon the service is told of the segment that there is`() {
        let trace = scope(nil).traceOfCall()

        #expect(trace?.header == Self.sampled)
        #expect(trace?.subsegmentID == nil)
    }

    @Test func `at level none the service is told of the segment that there is`() throws {
        let trace = scope(try XRayEmitter(daemonAddress: "127.0.0.1:2000"), level: .none).traceOfCall()

        #expect(trace?.header == Self.sampled)
        #expect(trace?.subsegmentID == nil)
    }

    @Test func `without a header there is no trace`() throws {
        let emitter = try XRayEmitter(daemonAddress: "127.0.0.1:2000")

        #expect(scope(emitter, header: nil).traceOfCall() == nil)
        #expect(scope(emitter, header: "Sampled=1").traceOfCall() == nil)
    }

    @Test func `a call within a scope of its own is sent once, for its invocation`() async throws {
        let receiver = try DatagramReceiver()
        let outer = scope(try XRayEmitter(daemonAddress: receiver.address))

        call("GetItem", in: MetricsScope(outer.invocation, parent: outer))
        call("PutItem", in: MetricsScope(level: .none, parent: MetricsScope(parent: outer)))

        let operations = try receiver.take().map { try document($0)["aws"]?["operation"]?.text }
        #expect(operations == ["GetItem", "PutItem"])
        #expect(outer.snapshot().operationCount == 2)
    }

    @Test func `a call that ends after its invocation's line is sent all the same`() async throws {
        let receiver = try DatagramReceiver()
        let scope = scope(try XRayEmitter(daemonAddress: receiver.address))
        #expect(scope.claimLine())

        call(in: scope)

        #expect(try await receiver.wait().count == 1)
        #expect(scope.snapshot().operationCount == 0)
    }

    @Test func `outside Lambda a call has no trace`() async throws {
        try await Metrics.withScope {
            let scope = try #require(MetricsScope.current)
            #expect(scope.traceOfCall() == nil)
        }
    }

    // MARK: - What is dropped

    @Test func `when the system takes no more, the rest is dropped and counted at once`() throws {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &pair) == 0)
        defer { close(pair[1]) }
        let emitter = XRayEmitter(DatagramSocket(fileDescriptor: pair[0]))
        let scope = scope(emitter)

        for _ in 0..<1_000 { call(in: scope) }

        let arrived = DatagramReceiver.datagrams(in: pair[1])
        let drops = emitter.drainDrops()
        #expect(!arrived.isEmpty)
        #expect(drops > 0)
        #expect(arrived.count + drops == 1_000)
        #expect(emitter.drainDrops() == 0)
        #expect(scope.snapshot().operationCount == 1_000)
    }

    @Test func `a datagram that nobody listens for is dropped and counted`() async throws {
        var receiver: DatagramReceiver? = try DatagramReceiver()
        let emitter = try XRayEmitter(daemonAddress: try #require(receiver).address)
        receiver = nil
        let scope = scope(emitter)

        call(in: scope)

        try await Waiting.until("a drop") {
            // Told with the next one, where the system has not learnt of it yet.
            let drops = emitter.drainDrops()
            if drops == 0 { call(in: scope) }
            return drops > 0
        }
        #expect(scope.snapshot().operationCount > 0)
    }

    @Test func `a daemon that comes back gets the very next datagram`() async throws {
        var receiver: DatagramReceiver? = try DatagramReceiver()
        let port = try #require(receiver).port
        let emitter = try XRayEmitter(daemonAddress: "127.0.0.1:\(port)")
        receiver = nil
        call("GetItem", in: scope(emitter))

        let restarted = try DatagramReceiver(port: port)
        call("PutItem", in: scope(emitter))

        let operations = try await restarted.wait().map { try document($0)["aws"]?["operation"]?.text }
        #expect(operations == ["PutItem"])
        #expect(emitter.drainDrops() <= 1)
    }

    @Test func `a daemon that is busy finds what was sent meanwhile`() async throws {
        let receiver = try DatagramReceiver()
        let emitter = try XRayEmitter(daemonAddress: receiver.address)

        for _ in 0..<50 { call(in: scope(emitter)) }

        #expect(try await receiver.wait().count == 50)
        #expect(emitter.drainDrops() == 0)
    }

    // MARK: - The address

    @Test(arguments: [
        ("127.0.0.1:2000", "127.0.0.1", 2000), ("udp:127.0.0.2:2001 tcp:127.0.0.1:2000", "127.0.0.2", 2001),
        ("tcp:127.0.0.1:2000 udp:127.0.0.2:2001", "127.0.0.2", 2001),
        ("udp:169.254.79.129:2000", "169.254.79.129", 2000),
        ("[::1]:2000", "::1", 2000), ("udp:[fd00::1]:3000 tcp:[fd00::1]:2000", "fd00::1", 3000),
        ("::1:2000", "::1", 2000),
    ])
    func `the daemon's address is the one for UDP`(value: String, host: String, port: UInt16) {
        let address = XRayEmitter.udpAddress(in: value)

        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    @Test(.enabled(if: hasIPv6, "there is no IPv6 here"))
    func `a daemon on IPv6 is reached`() async throws {
        let (descriptor, port) = try #require(loopbackSocketV6())
        defer { close(descriptor) }
        let emitter = try XRayEmitter(daemonAddress: "tcp:127.0.0.1:1 udp:[::1]:\(port)")

        call(in: scope(emitter))

        try await Waiting.until("a datagram") { !DatagramReceiver.datagrams(in: descriptor).isEmpty }
    }

    @Test(arguments: [
        "", " ", "2000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", ":2000",
        "tcp:127.0.0.1:2000", "127.0.0.1:2000 127.0.0.1:2001", "localhost:2000", "xray.example:2000", "127.1:2000",
        "udp:daemon:2000 tcp:127.0.0.1:2000",
    ])
    func `a daemon that is not named by an address in numbers is refused with what to do`(value: String) {
        let error = #expect(throws: MetricsConfigurationError.self) { try XRayEmitter(daemonAddress: value) }

        #expect(error?.variable == "AWS_XRAY_DAEMON_ADDRESS")
        #expect(error?.message.contains("such as 127.0.0.1:2000") == true)
    }
}

private let hasIPv6 = loopbackSocketV6().map { close($0.descriptor) } != nil

/// A socket on the loopback address of IPv6, `nil` where there is none.
private func loopbackSocketV6() -> (descriptor: Int32, port: UInt16)? {
    let descriptor = socket(AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    inet_pton(AF_INET6, "::1", &address.sin6_addr)
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
        }
    }
    guard isBound else {
        close(descriptor)
        return nil
    }
    return (descriptor, UInt16(bigEndian: address.sin6_port))
}
