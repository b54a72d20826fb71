import TallyHTTP
import TallyMetrics

/// An extension inside the process, without which Lambda kills it where it would send SIGTERM.
///
/// It asks for no events: that it is registered is all that it is for.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>
struct InternalExtension: Sendable {
    private let transport: any Transport
    private let base: String

    private static let name = "tally"

    /// Describes an extension.
    ///
    /// - Parameters:
    ///   - api: The value of `AWS_LAMBDA_RUNTIME_API`, host and port.
    ///   - transport: Moves the requests.
    init(api: String, transport: any Transport) {
        self.transport = transport
        base = "http://\(api)/2020-01-01/extension/"
    }

    /// Registers it, before the first event is asked for.
    ///
    /// - Returns: Its identifier; `nil` where it was refused, which the log is told.
    nonisolated(nonsending) func register(_ logger: Logger) async -> String? {
        let request = Request(
            .post, base + "register",
            headers: ["Content-Type": "application/json", "Lambda-Extension-Name": Self.name],
            body: .bytes(Array(#"{"events":[]}"#.utf8)), timeouts: .none, usesProxy: false)
        let seen: String
        do throws(TransportError) {
            let response = try await transport.send(request)
            if response.status == 200, let identifier = response.headers["Lambda-Extension-Identifier"] {
                return identifier
            }
            seen = "status \(response.status)"
        } catch {
            seen = error.description
        }
        logger.warning(
            "Extensions API: \(seen). The function runs without SIGTERM at its end; set TALLY_SHUTDOWN=off to do so "
                + "without this line")
        return nil
    }

    /// Asks for an event, which never comes: until it has, Lambda holds the extension for not ready.
    nonisolated(nonsending) func park(_ identifier: String) async {
        let headers: Headers = ["Lambda-Extension-Identifier": identifier]
        _ = try? await transport.send(
            Request(.get, base + "event/next", headers: headers, timeouts: .none, usesProxy: false))
    }
}
