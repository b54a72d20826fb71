import TallyWire
import Testing

@testable import TallyMetrics

@Suite struct XRaySubsegmentTests {
    private static let head =
        #""id":"00000000000000ff","trace_id":"1-5759e988-bd862e3fe1be46a994272793","parent_id":"53995c3f42cd8ad8","#
        + #""type":"subsegment","start_time":1795219143.351655,"end_time":1795219143.364000,"namespace":"aws","#

    private func json(_ record: CallRecord) throws -> String {
        let trace = try #require(
            TraceContext("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"))
        let subsegment = XRaySubsegment(
            record, id: "00000000000000ff", trace: trace, end: Timestamp(milliseconds: 1_795_219_143_364),
            endMoment: Moment(epoch) + .microseconds(12_345))
        let datagram = Array("{\"format\": \"json\", \"version\": 1}\n".utf8) + subsegment.json
        #expect(SegmentValidator.violations(in: datagram) == [])
        return String(decoding: subsegment.json, as: UTF8.self)
    }

    private func answered(_ status: Int?, _ change: @escaping (inout CallRecord) -> Void) -> (inout CallRecord) -> Void
    {
        { call in
            call.region = "us-east-1"
            call.status = status
            call.requestID = status.map { _ in "R1" }
            change(&call)
        }
    }

    private func failed(_ status: Int?, _ code: String) -> (inout CallRecord) -> Void {
        answered(status) { call in
            call.outcome = .error
            call.errorCode = code
        }
    }

    @Test func `a call that succeeds tells table, region, request and status`() throws {
        let json = try json(record(change: answered(200) { _ in }))

        #expect(
            json == #"{"name":"DynamoDB","# + Self.head
                + #""aws":{"operation":"PutItem","region":"us-east-1","request_id":"R1","table_name":"documents","#
                + #""retries":0},"http":{"response":{"status":200}}}"#)
    }

    @Test func `a download tells its bucket, length and retries`() throws {
        let json = try json(
            record(
                .s3, "GetObject", on: "files",
                change: answered(206) { call in
                    call.attempts = 3
                    call.bytesDownloaded = 524_288
                }))

        #expect(
            json == #"{"name":"S3","# + Self.head
                + #""aws":{"operation":"GetObject","region":"us-east-1","request_id":"R1","bucket_name":"files","#
                + #""retries":2},"http":{"response":{"status":206,"content_length":524288}}}"#)
    }

    @Test func `a refusal is an error of that type, told by the service`() throws {
        let json = try json(
            record(.kms, "Decrypt", on: "alias/documents", change: failed(400, "AccessDeniedException")))

        #expect(
            json == #"{"name":"KMS","# + Self.head
                + #""aws":{"operation":"Decrypt","region":"us-east-1","request_id":"R1","key_id":"alias/documents","#
                + #""retries":0},"http":{"response":{"status":400}},"error":true,"cause":{"exceptions":"#
                + #"[{"id":"ffffffffffffff00","type":"AccessDeniedException","remote":true}]}}"#)
    }

    @Test func `a call that is throttled to its end is an error and a throttle`() throws {
        let json = try json(
            record(
                change: answered(400) { call in
                    call.attempts = 4
                    call.throttles = 4
                    call.outcome = .error
                    call.errorCode = "ThrottlingException"
                }))

        #expect(
            json.hasSuffix(
                #""retries":3},"http":{"response":{"status":400}},"throttle":true,"error":true,"cause":{"exceptions":"#
                    + #"[{"id":"ffffffffffffff00","type":"ThrottlingException","remote":true}]}}"#))
    }

    @Test func `a call that succeeds after a throttle is a throttle and no error`() throws {
        let json = try json(
            record(
                change: answered(200) { call in
                    call.attempts = 2
                    call.throttles = 1
                }))

        #expect(json.hasSuffix(#""retries":1},"http":{"response":{"status":200}},"throttle":true}"#))
    }

    @Test(arguments: [500, 503])
    func `a service's own error is a fault`(status: Int) throws {
        let json = try json(record(change: failed(status, "InternalServerError")))

        #expect(
            json.hasSuffix(
                #""http":{"response":{"status":\#(status)}},"fault":true,"cause":{"exceptions":"#
                    + #"[{"id":"ffffffffffffff00","type":"InternalServerError","remote":true}]}}"#))
    }

    @Test func `a call without an answer is a fault with its type, and has no response`() throws {
        let json = try json(record(change: failed(nil, "ConnectionLost")))

        #expect(
            json.hasSuffix(
                #""aws":{"operation":"PutItem","region":"us-east-1","table_name":"documents","retries":0},"fault":true,"#
                    + #""cause":{"exceptions":[{"id":"ffffffffffffff00","type":"ConnectionLost"}]}}"#))
    }

    @Test func `an answer that cannot be used is a fault`() throws {
        let json = try json(record(change: failed(200, "ChecksumMismatch")))

        #expect(json.contains(#""fault":true"#))
    }

    @Test func `a condition that does not hold is no error`() throws {
        let json = try json(
            record(
                change: answered(400) { call in
                    call.outcome = .conditionalFailure
                    call.errorCode = "ConditionalCheckFailedException"
                }))

        #expect(json.hasSuffix(#""http":{"response":{"status":400}}}"#))
    }

    @Test func `another service goes by its name, without a resource`() throws {
        let json = try json(record(.sqs, "SendMessage", on: "queue", change: answered(200) { _ in }))

        #expect(json.hasPrefix(#"{"name":"SQS","#))
        #expect(json.contains(#""request_id":"R1","retries":0}"#))
    }

    @Test func `text from outside is cut where X-Ray would refuse it, and escaped`() throws {
        let long = String(repeating: "\u{1}\"ü", count: 100)

        let json = try json(
            record(
                Service(rawValue: long), long, on: long,
                change: answered(400) { call in
                    call.requestID = long
                    call.outcome = .error
                    call.errorCode = long
                }))

        #expect(json.utf8.count < 10_000)
    }

    @Test func `ids are 16 hexadecimal digits and differ`() {
        let ids = (0..<100).map { _ in XRaySubsegment.randomID() }

        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{16}/) != nil })
    }
}
