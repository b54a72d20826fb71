import Glibc
import Synchronization
import TallyAWS
import TallyHTTP
import TallyRuntime
import TallyWire

/// Fetches the address that the event names; the event's number bounds connecting and silence, in milliseconds.
struct FetchFunction: LambdaFunction {
    private let transport: any Transport

    init(_ start: Initialization) {
        transport = start.transport
    }

    func handle(_ order: Order, _ context: Context) async -> Answer {
        let bound = Duration.milliseconds(order.count ?? 10_000)
        let timeouts = Timeouts(connect: bound, idle: bound, total: nil)
        let start = ContinuousClock.now
        let text: String
        do throws(TransportError) {
            let response = try await transport.send(Request(.get, order.text ?? "", timeouts: timeouts))
            let connection = response.trip.reusedConnection ? "kept" : "new"
            text = "\(response.status), attempts: \(response.trip.attempts), connection: \(connection)"
        } catch {
            text = error.description
        }
        return Answer(text: text, count: Int(start.duration(to: .now) / .milliseconds(1)))
    }
}

/// Reads an item from where the environment says that DynamoDB is.
struct CallFunction: LambdaFunction {
    private let dynamoDB: DynamoDB

    init(_ start: Initialization) throws {
        dynamoDB = DynamoDB(
            ServiceClient(
                transport: start.transport, region: "us-east-1",
                credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "secret")),
                endpoints: try Endpoints(environment: ProcessEnvironment.value), retry: .never, sleep: start.sleep))
    }

    func handle(_ order: Order, _ context: Context) async -> Answer {
        do throws(ServiceError) {
            _ = try await dynamoDB.getItem(.init(table: "documents", key: WireItem(["pk": .string("1")])))
            return Answer(text: "read")
        } catch {
            return Answer(text: error.description)
        }
    }
}

/// Cancels a request to the address that the event names, as often as the event says, and looks for what is left.
///
/// It answers with how many descriptors and threads there are more than before, and the longest time in milliseconds
/// that a cancelled request took to return.
struct CancelFunction: LambdaFunction {
    private let start: Initialization

    init(_ start: Initialization) {
        self.start = start
    }

    func handle(_ order: Order, _ context: Context) async throws -> Answer {
        let url = order.text ?? ""
        // What is made once, such as the handle of the transfer, is made before the counting.
        _ = try await cancelledRequest(url)
        let before = Self.openCounts
        var longest = Duration.zero
        for _ in 0..<(order.count ?? 1) { longest = max(longest, try await cancelledRequest(url)) }
        // A look-up that was given up ends on its own thread, here once the test's resolver finds this file.
        if let gate = getenv("TALLY_TEST_LOOKUP_GATE") { close(open(gate, O_CREAT | O_WRONLY, 0o600)) }
        var after = Self.openCounts
        let limit = ContinuousClock.now + .seconds(10)
        let (descriptors, threads) = (before.descriptors + Self.slack, before.threads + Self.slack)
        while after.descriptors > descriptors || after.threads > threads, ContinuousClock.now < limit {
            try await start.sleep(.milliseconds(1))
            after = Self.openCounts
        }
        let left = "\(after.descriptors - before.descriptors) \(after.threads - before.threads)"
        return Answer(text: left, count: Int(longest / .milliseconds(1)))
    }

    // The process may open something for good meanwhile, such as a queue of its own; a leak comes with every round.
    private static let slack = 3

    /// Cancels once a piece of the body has come or, where none does, a millisecond after the start.
    private func cancelledRequest(_ url: String) async throws -> Duration {
        let transport = start.transport
        let hasBegun = Mutex(false)
        let task = Task {
            let timeouts = Timeouts(connect: .seconds(60), idle: .seconds(60), total: .seconds(60))
            let response = try await transport.stream(Request(.get, url, timeouts: timeouts))
            for try await _ in response.body { hasBegun.withLock { $0 = true } }
        }
        let limit = ContinuousClock.now + .seconds(10)
        repeat {
            try await start.sleep(.milliseconds(1))
        } while url.hasSuffix("body")
            && !hasBegun.withLock { $0 } && ContinuousClock.now < limit
        let cancelled = ContinuousClock.now
        task.cancel()
        let result = await task.result
        let elapsed = cancelled.duration(to: .now)
        guard case .failure(let error as TransportError) = result, error.code == .cancelled else {
            throw OrderRefused(description: "the request ended by itself: \(result)")
        }
        return elapsed
    }

    private static var openCounts: (descriptors: Int, threads: Int) {
        (count("/proc/self/fd"), count("/proc/self/task"))
    }

    private static func count(_ path: String) -> Int {
        guard let folder = opendir(path) else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
