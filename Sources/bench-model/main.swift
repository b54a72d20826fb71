// Measures the model layer against a stub of DynamoDB, KMS and S3.
//
// usage: bench-model SCENARIO SECONDS ENDPOINT
//
// Prints {"ops_s":…,"cpu_us":…,"rss_mb":…}: operations a second, user and system time of the process for each, and the
// most memory it had. For the scenario `cold`, which starts a process of its own, {"ready_ms":…,"cpu_ms":…,"rss_mb":…}:
// from the start of that process to the end of its first save and get. `read_page`, `write_item`, `event_orders`,
// `event_refusals` and `output_orders`, which use no network once they run, print mb_s: MB of JSON read or written in a
// second of CPU. TALLY_METRICS_LEVEL is that of a function.
import CTally
import Glibc
import Tally
import TallyHTTP

func fail(_ message: String) -> Never {
    let line = "bench-model: \(message)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    exit(EXIT_FAILURE)
}

/// Starts a process that knows when it was started, which no process knows of itself but for hundredths of a second.
func runAgain() -> Int32 {
    setenv("BENCH_MODEL_START", "\(ProcessUsage.time)", 1)
    var process = pid_t()
    var pointers = CommandLine.arguments.map { strdup($0) } + [nil]
    let result = posix_spawn(&process, "/proc/self/exe", nil, nil, &pointers, environ)
    guard result == 0 else { fail("cannot start itself: \(String(cString: strerror(result)))") }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let scenario = Scenario(rawValue: arguments[1]), let seconds = Double(arguments[2]) else {
    fail("usage: bench-model \(Scenario.allCases.map(\.rawValue).joined(separator: "|")) SECONDS ENDPOINT")
}
let start = getenv("BENCH_MODEL_START").flatMap { Double(String(cString: $0)) }
if scenario == .cold, start == nil { exit(runAgain()) }
setenv("BENCHMARK_TABLE", scenario.table, 1)

// As in a function: everything on the main thread, whose loop moves the transfers.
tally_keep_freed_memory()
let loop = CurlLoop(certificates: .ofProcess(), servesMainQueue: true)
Task(executorPreference: loop) {
    do {
        let transport = CurlTransport(on: loop)
        let replay = ReplayTransport(transport)
        let endpoint = arguments[3]
        let client = ServiceClient(
            transport: scenario == .readPage ? replay : transport, region: "us-east-1",
            credentials: StaticCredentials(Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")),
            endpoints: try Endpoints(overrides: [.dynamoDB: endpoint, .kms: endpoint, .s3: endpoint]),
            payloadSigning: .never, sleep: transport.sleep(for:))
        let level = getenv("TALLY_METRICS_LEVEL").flatMap { MetricsLevel(rawValue: String(cString: $0)) } ?? .summary
        let benchmark = Benchmark(scenario: scenario, seconds: seconds, store: Store(client), level: level) {
            switch scenario {
            case .readPage: replay.size
            case .writeItem: try BigItem.schema.wireItem(of: .sample()).bytes.count
            case .eventOrders, .outputOrders: try Events.orders().count
            case .eventRefusals: try Events.refusals().count
            default: nil
            }
        }
        if let start { print(try await benchmark.runCold(since: start)) } else { print(try await benchmark.run()) }
        exit(EXIT_SUCCESS)
    } catch {
        fail("\(scenario.rawValue): \(error)")
    }
}
loop.run()
