import Foundation
import Synchronization
import TallyTestServer

/// A Lambda Runtime API that hands out scripted events and keeps what is posted.
final class RuntimeAPI: Sendable {
    struct Event: Sendable {
        var body = "{}"
        var headers: [String: String] = [:]
        var milliseconds = 60_000
        /// The status with which the answer to the event is taken.
        var status = "202 Accepted"
    }

    struct Post: Sendable {
        let path: String
        let head: String
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    // Apart from the API, since the server's script needs it before the API is made.
    private final class PostBox: Sendable {
        private let posts = Mutex<[Post]>([])

        func add(_ post: Post) { posts.withLock { $0.append(post) } }
        var all: [Post] { posts.withLock { $0 } }
    }

    let server: LoopbackServer
    private let box = PostBox()

    // Events are handed out in turn; after the last, `next` waits.
    init(_ events: [Event]) throws {
        let next = Mutex(0)
        let statuses = events.map(\.status)
        let box = box
        server = try LoopbackServer { request in
            let path = String(request.head.split(separator: " ")[1].dropFirst("/2018-06-01/runtime/".count))
            guard path == "invocation/next" else {
                box.add(Post(path: path, head: request.head, body: request.body))
                let index = path.split(separator: "/").dropFirst().first.flatMap { Int($0.dropFirst("request-".count)) }
                return [reply(#"{"status":"OK"}"#, status: index.map { statuses[$0] } ?? "202 Accepted")]
            }
            let index = next.withLock { number in
                defer { number += 1 }
                return number
            }
            return index < events.count ? [.send(Self.invocation(events[index], index))] : [.hang]
        }
    }

    var posts: [Post] { box.all }
    var address: String { "127.0.0.1:\(server.port)" }

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
