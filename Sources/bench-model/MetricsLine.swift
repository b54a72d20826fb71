import Tally
import TallyMetrics
import TallyWire

/// The metrics line of one invocation, made again and again.
struct MetricsLine: Sendable {
    private let line: EMFLine
    private let report: InvocationReport

    init() throws {
        let environment = ["AWS_LAMBDA_FUNCTION_NAME": "documents", "AWS_LAMBDA_FUNCTION_VERSION": "7"]
        guard let line = EMFLine(try MetricsConfiguration { environment[$0] }) else {
            throw Failure(description: "no line at level none")
        }
        self.line = line
        let invocation = InvocationInfo(
            requestID: "989ffbf8-9ace-4817-a57c-e4dd734019ee",
            traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
        let scope = MetricsScope(invocation)
        for call in Self.calls {
            scope.begin()
            MetricsScope.record(call, in: scope)
        }
        var report = InvocationReport(
            invocation: invocation, outcome: .success, handlerDuration: .microseconds(41_700),
            metrics: scope.snapshot())
        report.remainingTime = .milliseconds(2_958)
        report.peakMemoryBytes = 9 << 20
        self.report = report
    }

    func byteCount() -> Int { line.bytes(for: report).count }

    private static var calls: [CallRecord] {
        [
            call(.kms, "GenerateDataKey", "alias/documents", .microseconds(11_812)),
            call(.s3, "PutObject", "documents", .microseconds(36_041)) { $0.bytesUploaded = 524_288 },
            call(.dynamoDB, "PutItem", "documents", .microseconds(9_318)) { $0.writeUnits = 3 },
            call(.dynamoDB, "GetItem", "documents", .microseconds(4_077)) { $0.readUnits = 0.5 },
        ]
    }

    private static func call(
        _ service: Service, _ operation: String, _ resource: String, _ duration: Duration,
        _ change: (inout CallRecord) -> Void = { _ in }
    ) -> CallRecord {
        var call = CallRecord(service: service, operation: operation, resource: resource, start: .now)
        call.duration = duration
        call.attempts = 1
        change(&call)
        return call
    }
}
