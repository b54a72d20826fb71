import Foundation
import Synchronization

/// A Lambda Runtime API that hands out scripted events and keeps what is posted.
package final class RuntimeAPI: Sendable {
    /// What `next` hands out.
    package struct Event: Sendable {
        let body: String
        let headers: [String: String]
        let milliseconds: Int
        let status: String
        let losesConnection: Bool
        let gate: Gate?

        /// Describes an event.
        ///
        /// - Parameters:
        ///   - body: The event.
        ///   - headers: Headers beside the usual ones; an empty value removes one.
        ///   - milliseconds: The time until its deadline.
        ///   - status: The status with which its answer is taken.
        ///   - losesConnection: Whether the connection is reset where its answer would be taken.
        ///   - gate: Holds back that its answer is taken, once it is there.
        package init(
            body: String = "{}", headers: [String: String] = [:], milliseconds: Int = 60_000,
            status: String = "202 Accepted", losesConnection: Bool = false, gate: Gate? = nil
        ) {
            self.body = body
            self.headers = headers
            self.milliseconds = milliseconds
            self.status = status
            self.losesConnection = losesConnection
            self.gate = gate
        }
    }

    /// What was posted.
    package struct Post: Sendable {
        /// The path below `runtime/`, such as `invocation/request-0/response`.
        package let path: String
        /// The body.
        package let body: [UInt8]
        /// When it had arrived, before it was answered, in milliseconds since 1970.
        package let arrival: Int64
        /// The sizes of the chunks in which the body came; empty for a body of known length.
        package let chunkSizes: [Int]
        /// The header lines behind a chunked body.
        package let trailers: [String]
        let head: String

        /// The body as text.
        package var text: String { String(decoding: body, as: UTF8.self) }
        /// The body as JSON.
        package var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }

        /// Returns a header's value.
        ///
        /// - Parameter name: The header's name.
        /// - Returns: Its value, `nil` when it was not sent.
        package func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    // Apart from the API, since the server's script needs it before the API is made.
    private final class PostBox: Sendable {
        private let posts = Mutex<[Post]>([])

        func add(_ post: Post) { posts.withLock { $0.append(post) } }
        var all: [Post] { posts.withLock { $0 } }
        var count: Int { posts.withLock { $0.count } }
    }

    /// What serves it.
    package let server: LoopbackServer
    private let box = PostBox()

    /// Starts the API.
    ///
    /// - Parameters:
    ///   - events: Handed out in turn; after the last, `next` waits.
    ///   - gates: Those that hold events back, by the events' numbers.
    ///   - registration: The status with which an extension's registration is answered.
    ///   - moment: How much of a request is waited for before it is answered.
    /// - Throws: When no port is to be had.
    package init(
        _ events: [Event], holding gates: [Int: Gate] = [:], registration: String = "200 OK",
        at moment: LoopbackServer.Moment = .body
    ) throws {
        let next = Mutex(0)
        let box = box
        server = try LoopbackServer(at: moment) { request in
            let target = request.head.split(separator: " ")[1]
            if target == "/2020-01-01/extension/register" {
                return [reply("{}", status: registration, "Lambda-Extension-Identifier: extension-1\r\n")]
            }
            let path = String(target.dropFirst("/2018-06-01/runtime/".count))
            guard path == "invocation/next" else {
                // The extension's event never comes.
                if target == "/2020-01-01/extension/event/next" { return [.hang] }
                let arrival = Int64(Date().timeIntervalSince1970 * 1000)
                box.add(
                    Post(
                        path: path, body: request.body, arrival: arrival, chunkSizes: request.chunkSizes,
                        trailers: request.trailers, head: request.head))
                let index = path.split(separator: "/").dropFirst().first.flatMap { Int($0.dropFirst("request-".count)) }
                if let index, events[index].losesConnection { return [.reset] }
                let status = index.map { events[$0].status } ?? "202 Accepted"
                // A body that was not waited for is no next request.
                return (index.flatMap { events[$0].gate }.map { [.wait($0)] } ?? [])
                    + [reply(#"{"status":"OK"}"#, status: status)] + (moment == .headers ? [.hang] : [])
            }
            let index = next.withLock { number in
                defer { number += 1 }
                return number
            }
            guard index < events.count else { return [.hang] }
            return (gates[index].map { [.wait($0)] } ?? []) + [.send(Self.invocation(events[index], index))]
        }
    }

    /// What was posted so far.
    package var posts: [Post] { box.all }
    /// How much was posted so far.
    package var postCount: Int { box.count }
    /// How often an event was asked for.
    package var nextCount: Int { server.requests.count { $0.head.contains("/invocation/next ") } }
    /// How often an extension's event was asked for.
    package var extensionCount: Int { server.requests.count { $0.head.contains("/extension/event/next ") } }
    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    package var address: String { "127.0.0.1:\(server.port)" }

    private static func invocation(_ event: Event, _ index: Int) -> String {
        var headers = [
            "Lambda-Runtime-Aws-Request-Id": "request-\(index)",
            "Lambda-Runtime-Deadline-Ms": "\(Int(Date().timeIntervalSince1970 * 1000) + event.milliseconds)",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:012345678912:function:f",
            "Content-Length": "\(event.body.utf8.count)",
        ]
        headers.merge(event.headers) { $1 }
        let fields = headers.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return "HTTP/1.1 200 OK\r\n\(fields)\r\n\(event.body)"
    }
}
