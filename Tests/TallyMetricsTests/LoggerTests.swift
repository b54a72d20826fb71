import TallyTestServer
import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct LoggerTests {
    private static let time = Timestamp(milliseconds: 1_795_219_143_364)
    private static let prefix = #"{"timestamp":"\#(time.iso8601)","level":"INFO","message":"saved","requestId":"r-1""#

    private func lines(minimumLevel: LogLevel = .info, _ body: (Logger) -> Void) -> [String] {
        Pipe.lines { output in
            body(
                Logger(
                    minimumLevel: minimumLevel, invocation: InvocationInfo(requestID: "r-1"),
                    handler: JSONLogHandler(output: output), clock: { Self.time }))
        }
    }

    @Test func `a line has time, level, message, request and metadata, in that order`() {
        let lines = lines { logger in
            logger.info(
                "saved",
                ["kms_calls": 1, "title": "a", "ratio": 0.5, "found": true, "took": Duration.milliseconds(7)])
        }

        #expect(lines == [Self.prefix + #","kms_calls":1,"title":"a","ratio":0.5,"found":true,"took":7}"#])
    }

    @Test func `numbers that JSON has no form for are told in words, an absent value as null`() {
        let lines = lines { logger in
            logger.info(
                "saved",
                ["a": Double.nan, "b": Double.infinity, "c": Int?.none, "d": Int?.some(3), "e": ["x", "y"]])
        }

        #expect(lines == [Self.prefix + #","a":"nan","b":"inf","c":null,"d":3,"e":["x","y"]}"#])
    }

    @Test func `trace and tenant are on each line of an invocation that has them`() throws {
        let lines = Pipe.lines { output in
            let info = InvocationInfo(
                requestID: "r-1", traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0", tenantID: "blue")
            Logger(invocation: info, output: output).info("saved")
        }

        let line = try JSONNode(parsing: Array(lines[0].utf8))
        #expect(line["traceId"]?.text == "1-5759e988-bd862e3fe1be46a994272793")
        #expect(line["tenantId"]?.text == "blue")
    }

    @Test func `service and cold start are on each line of a function that has them`() {
        let lines = Pipe.lines { output in
            let logger = Logger(handler: JSONLogHandler(output: output), service: "orders", clock: { Self.time })
            logger.describing(isColdStart: true).info("connected")
            logger.describing(InvocationInfo(requestID: "r-2")).info("saved")
        }

        let start = #"{"timestamp":"\#(Self.time.iso8601)","level":"INFO","message":"#
        #expect(
            lines == [
                start + #""connected","service":"orders","coldStart":true}"#,
                start + #""saved","service":"orders","requestId":"r-2"}"#,
            ])
    }

    @Test(arguments: LogLevel.allCases)
    func `only lines at or above the least level are written`(minimumLevel: LogLevel) throws {
        let lines = lines(minimumLevel: minimumLevel) { logger in
            logger.trace("x")
            logger.debug("x")
            logger.info("x")
            logger.warning("x")
            logger.error("x")
            logger.log(.fatal, "x")
        }

        let levels = try lines.map { try JSONNode(parsing: Array($0.utf8))["level"]?.text }
        let expected = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].drop { $0 != minimumLevel.rawValue }
        #expect(levels == Array(expected))
    }

    @Test func `what is not logged is not evaluated`() {
        var evaluations = 0
        func costly() -> String {
            evaluations += 1
            return "x"
        }

        _ = lines { logger in
            logger.debug(costly(), ["x": costly()])
        }

        #expect(evaluations == 0)
    }

    @Test(arguments: Logger.reservedNames)
    func `metadata cannot take the place of what identifies a line`(name: String) throws {
        let written = lines { $0.info("saved", [name: "forged"]) }

        let line = try JSONNode(parsing: Array(written[0].utf8))
        #expect(line["metadata_\(name)"]?.text == "forged")
        #expect(line[name]?.text != "forged")
        #expect(line["message"]?.text == "saved")
        #expect(line.members.count == 5)
    }

    @Test func `of metadata under one name the last is written`() {
        let written = lines { $0.info("saved", ["a": 1, "b": 2, "a": 3, "level": 4, "metadata_level": 5]) }

        #expect(written == [Self.prefix + #","b":2,"a":3,"metadata_level":5}"#])
    }

    @Test func `a message of several lines is one line`() {
        #expect(lines { $0.info("a\nb\r\u{0}\"") }.count == 1)
    }
}
