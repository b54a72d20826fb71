import Foundation
import TallyTestServer
import Testing

@testable import TallyHTTP

/// Against `openssl s_server`, with certificates that each test has made.
@Suite(.enabled(if: Tool.openSSL.exists, "openssl is missing"))
struct TLSTests {
    private static let authority = Result { try CertificateAuthority() }

    /// A transport that trusts an authority as a function is told to: by `AWS_CA_BUNDLE`.
    private func transport(trusting authority: CertificateAuthority) -> CurlTransport {
        let path = authority.path
        return CurlTransport(
            certificates: CertificateLocations(
                variable: { $0 == "AWS_CA_BUNDLE" ? path : nil }, exists: { _ in false }))
    }

    private func refusal(
        of certificate: CertificateAuthority.Certificate, trusting authority: CertificateAuthority,
        _ options: [String] = []
    ) async throws -> TransportError? {
        let server = try await TLSServer(certificate, options)
        let (transport, url) = (transport(trusting: authority), server.url)
        return await #expect(throws: TransportError.self) { try await transport.send(Request(.get, url)) }
    }

    @Test func `a server with a good certificate is spoken to`() async throws {
        let authority = try Self.authority.get()
        let server = try await TLSServer(try authority.certificate())

        let response = try await transport(trusting: authority).send(Request(.get, server.url))

        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
    }

    @Test func `TLS 1.2 is new enough`() async throws {
        let authority = try Self.authority.get()
        let server = try await TLSServer(try authority.certificate(), ["-tls1_2"])

        let response = try await transport(trusting: authority).send(Request(.get, server.url))

        #expect(response.status == 200)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `another connection takes up the session of the first, without certificates and keys`(
        version: String
    ) async throws {
        let authority = try Self.authority.get()
        // It closes each connection.
        let server = try await TLSServer(try authority.certificate(), [version])
        let transport = transport(trusting: authority)

        let first = try await transport.send(Request(.get, server.url))
        let second = try await transport.send(Request(.get, server.url))

        #expect(String(decoding: first.body, as: UTF8.self).contains("New, TLSv1."))
        #expect(String(decoding: second.body, as: UTF8.self).contains("Reused, TLSv1."))
        #expect(second.trip.reusedConnection == false)
    }

    @Test(.enabled(if: Tool.python.exists, "python3 is missing"))
    func `a connection over TLS is kept, though tickets arrive on it`() async throws {
        let authority = try Self.authority.get()
        let server = try await TLSServer(keepingConnections: try authority.certificate())
        let transport = transport(trusting: authority)

        let first = try await transport.send(Request(.get, server.url))
        for _ in 0..<3 {
            let response = try await transport.send(Request(.get, server.url))
            #expect(response.body == first.body)
            #expect(response.trip.reusedConnection == true)
        }
    }

    @Test func `an expired certificate is refused before anything is sent`() async throws {
        let authority = try Self.authority.get()

        let error = try await refusal(of: authority.certificate(days: -1), trusting: authority)

        #expect(error?.code == .tls)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains("certificate has expired") == true)
    }

    @Test(arguments: ["IP:127.0.0.2", "DNS:dynamodb.us-east-1.amazonaws.com"])
    func `a certificate of another host is refused before anything is sent`(name: String) async throws {
        let authority = try Self.authority.get()

        let error = try await refusal(of: authority.certificate(for: name), trusting: authority)

        #expect(error?.code == .tls)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == false)
    }

    @Test func `a certificate of an unknown authority is refused before anything is sent`() async throws {
        let error = try await refusal(
            of: try CertificateAuthority().certificate(), trusting: try Self.authority.get())

        #expect(error?.code == .tls)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains("certificate problem") == true)
    }

    @Test func `a server that speaks TLS 1.1 only is refused`() async throws {
        let authority = try Self.authority.get()

        let error = try await refusal(
            of: authority.certificate(), trusting: authority, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])

        #expect(error?.code == .tls)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == false)
    }

    @Test func `a bundle that is not there is refused, and nothing else is trusted in its place`() async throws {
        let server = try await TLSServer(try Self.authority.get().certificate())
        let transport = CurlTransport(
            certificates: CertificateLocations(
                variable: { $0 == "AWS_CA_BUNDLE" ? "/nowhere/bundle.pem" : nil }, exists: { _ in true }))
        let url = server.url

        let error = await #expect(throws: TransportError.self) { try await transport.send(Request(.get, url)) }

        #expect(error?.code == .tls)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains("/nowhere/bundle.pem") == true)
    }

    // MARK: - The handshake

    @Test(arguments: [LoopbackServer.Step.close, .reset])
    func `a server that hangs up in the handshake is a lost connection, which may be tried again`(
        ending: LoopbackServer.Step
    ) async throws {
        let server = try LoopbackServer(at: .firstByte) { _ in [ending] }
        defer { server.stop() }
        let transport = transport(trusting: try Self.authority.get())
        let url = server.secureURL

        let error = await #expect(throws: TransportError.self) { try await transport.send(Request(.get, url)) }

        #expect(error?.code == .connectionLost)
        #expect(error?.attempts == 0)
        #expect(error?.isRetryable == true)
    }

    @Test func `a server that does not go on in the handshake is given up after the time to connect`() async throws {
        let server = try LoopbackServer(at: .firstByte) { _ in [.hang] }
        defer { server.stop() }
        let transport = transport(trusting: try Self.authority.get())
        let timeouts = Timeouts(connect: .milliseconds(200), idle: nil, total: nil)
        let request = Request(.get, server.secureURL, timeouts: timeouts)

        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }

        #expect(error?.code == .timedOut)
        #expect(error?.attempts == 0)
    }
}
