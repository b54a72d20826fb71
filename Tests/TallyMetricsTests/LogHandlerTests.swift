import Synchronization
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct LogHandlerTests {
    private final class Recorder: LogHandler {
        let entries = Mutex<[LogEntry]>([])

        func handle(_ entry: LogEntry) { entries.withLock { $0.append(entry) } }
    }

    @Test func `a handler of one's own is told all that a line would have`() {
        let recorder = Recorder()
        let time = Timestamp(milliseconds: 1_795_219_143_364)
        let logger = Logger(handler: recorder, service: "orders", clock: { time })
            .describing(InvocationInfo(requestID: "r-1", tenantID: "blue"), isColdStart: true)

        logger.warning("late", ["by": Duration.milliseconds(12), "token": "t", "level": 3])

        let entries = recorder.entries.withLock { $0 }
        #expect(entries.count == 1)
        #expect(entries[0].timestamp == time)
        #expect(entries[0].level == .warning)
        #expect(entries[0].message == "late")
        #expect(entries[0].service == "orders")
        #expect(entries[0].isColdStart)
        #expect(entries[0].invocation == InvocationInfo(requestID: "r-1", tenantID: "blue"))
        #expect(entries[0].metadata.map(\.name) == ["by", "token", "level"])
        #expect(entries[0].metadata.map(\.value.text) == ["12", "[redacted]", "3"])
    }

    @Test func `what is below the least level reaches no handler`() {
        let recorder = Recorder()

        Logger(minimumLevel: .error, handler: recorder).warning("late")

        #expect(recorder.entries.withLock { $0.isEmpty })
    }

    @Test func `text is handed on as it is, anything else as JSON`() {
        #expect("a \"b\"".text == "a \"b\"")
        #expect(["a", "b"].text == #"["a","b"]"#)
        #expect(Int?.none.text == "null")
        #expect(Duration.microseconds(1_500).text == "1.5")
    }

    // MARK: - swift-log

    // The part of swift-log's interface that the bridge uses; names and raw values are its own.
    private enum Logging {
        final class Logger: Sendable {
            enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
            enum MetadataValue: Sendable, Equatable { case string(String) }
            struct Message: ExpressibleByStringInterpolation, Sendable {
                let text: String
                init(stringLiteral text: String) { self.text = text }
            }
            typealias Metadata = [String: MetadataValue]

            let lines = Mutex<[(Level, String, Metadata)]>([])

            func log(level: Level, _ message: @autoclosure () -> Message, metadata: @autoclosure () -> Metadata) {
                let line = (level, message().text, metadata())
                lines.withLock { $0.append(line) }
            }
        }
    }

    private struct SwiftLogHandler: LogHandler {
        let logger: Logging.Logger

        func handle(_ entry: LogEntry) {
            let metadata = entry.metadata.map { ($0.name, Logging.Logger.MetadataValue.string($0.value.text)) }
            logger.log(
                level: Logging.Logger.Level(rawValue: entry.level.swiftLogName) ?? .critical, "\(entry.message)",
                metadata: Dictionary(metadata, uniquingKeysWith: { $1 }))
        }
    }

    @Test func `the documentation's ten lines hand each level on to swift-log`() {
        let target = Logging.Logger()
        let logger = Logger(minimumLevel: .trace, handler: SwiftLogHandler(logger: target))

        for level in LogLevel.allCases { logger.log(level, "x", ["n": 1, "title": "a", "n": 2]) }

        let lines = target.lines.withLock { $0 }
        #expect(lines.map(\.0) == [.trace, .debug, .info, .warning, .error, .critical])
        #expect(lines.allSatisfy { $0.1 == "x" && $0.2 == ["n": .string("2"), "title": .string("a")] })
    }
}
