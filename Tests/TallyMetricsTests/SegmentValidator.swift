import TallyTestServer

/// The rules of a subsegment that is sent by itself, written from the documentation of X-Ray's segment documents:
/// <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html>.
enum SegmentValidator {
    /// What is wrong with a datagram; empty when the daemon and X-Ray take it.
    static func violations(in datagram: [UInt8]) -> [String] {
        let header = Array("{\"format\": \"json\", \"version\": 1}\n".utf8)
        guard datagram.starts(with: header) else { return ["no header of the daemon"] }
        var found: [String] = []
        // 64 kB, and what a packet of UDP over IPv4 holds.
        if datagram.count > 64_000 { found.append("longer than a document") }
        guard let root = try? JSONNode(parsing: Array(datagram.dropFirst(header.count))), case .object = root else {
            return found + ["not one JSON object"]
        }
        return found + repeatedNames(root) + fieldViolations(root)
            + objectViolations(root["aws"], strings: awsStrings, numbers: ["retries"])
            + objectViolations(root["http"]?["response"], strings: [], numbers: ["status", "content_length"])
            + causeViolations(root["cause"])
    }

    private static let awsStrings = [
        "operation", "region", "request_id", "table_name", "bucket_name", "key_id", "queue_url", "account_id",
    ]
    private static let flags = ["error", "throttle", "fault"]

    private static func fieldViolations(_ root: JSONNode) -> [String] {
        var found: [String] = []
        let known = [
            "name", "id", "trace_id", "parent_id", "type", "start_time", "end_time", "namespace", "aws", "http",
            "cause",
        ]
        found += root.members.map(\.name).filter { !(known + flags).contains($0) }.map { "unknown field \($0)" }
        if !(1...200).contains(root["name"]?.text?.unicodeScalars.count ?? 0) { found.append("name") }
        for name in ["id", "parent_id"] where !isID(root[name]?.text) { found.append(name) }
        if root["id"] == root["parent_id"] { found.append("a subsegment that is its own parent") }
        let parts = root["trace_id"]?.text?.split(separator: "-").map(\.count)
        if parts != [1, 8, 24] { found.append("trace_id") }
        if root["type"]?.text != "subsegment" { found.append("type") }
        if root["namespace"]?.text != "aws" { found.append("namespace") }
        guard let start = root["start_time"]?.number, let end = root["end_time"]?.number else {
            return found + ["no times"]
        }
        if start > end || start < 1_400_000_000 { found.append("times") }
        for flag in flags where root[flag] != nil && root[flag] != .bool(true) { found.append(flag) }
        return found
    }

    private static func objectViolations(_ object: JSONNode?, strings: [String], numbers: [String]) -> [String] {
        guard let object else { return [] }
        return object.members.compactMap { member in
            if strings.contains(member.name), (member.value.text?.unicodeScalars.count ?? 251) <= 250 { return nil }
            if numbers.contains(member.name), member.value.number != nil { return nil }
            return "field \(member.name)"
        } + repeatedNames(object)
    }

    private static func causeViolations(_ cause: JSONNode?) -> [String] {
        guard let cause else { return [] }
        guard let exceptions = cause["exceptions"]?.elements, !exceptions.isEmpty else { return ["cause"] }
        return exceptions.flatMap { exception in
            let known = ["id", "type", "remote"]
            let unknown = exception.members.map(\.name).filter { !known.contains($0) }
            return unknown.map { "exception's \($0)" } + (isID(exception["id"]?.text) ? [] : ["exception's id"])
        }
    }

    private static func repeatedNames(_ object: JSONNode) -> [String] {
        let names = object.members.map(\.name)
        return Set(names).filter { name in names.filter { $0 == name }.count > 1 }.map { "\($0) occurs twice" }
    }

    private static func isID(_ text: String?) -> Bool {
        text?.wholeMatch(of: /[0-9a-f]{16}/) != nil
    }
}
