/// The rules of the Embedded Metric Format as CloudWatch applies them, written from its documentation and from what is
/// known of its silence; the schema that AWS publishes lets most violations pass.
package enum EMFValidator {
    /// What is wrong with a line; empty when CloudWatch takes all of it.
    ///
    /// - Parameters:
    ///   - line: The line with its line feed.
    ///   - now: The time of day, in milliseconds since 1970.
    /// - Returns: The violations, in words.
    package static func violations(in line: [UInt8], now: Int64) -> [String] {
        var found: [String] = []
        let feeds = line.filter { $0 == 0x0A || $0 == 0x0D }.count
        if feeds != 1 || line.last != 0x0A { found.append("not one line ended by one line feed") }
        // 256 KiB less what CloudWatch adds to an event: the limit of older readers.
        if line.count > 262_144 - 26 { found.append("longer than an event") }

        guard let root = try? JSONNode(parsing: line), case .object = root else { return found + ["not a JSON object"] }
        let names = root.members.map(\.name)
        for name in Set(names) where names.filter({ $0 == name }).count > 1 {
            found.append("\(name) occurs twice")
        }
        return found + metadataViolations(of: root, now: now)
    }

    private static func metadataViolations(of root: JSONNode, now: Int64) -> [String] {
        guard let metadata = root["_aws"], case .object = metadata else { return ["no _aws object"] }

        var found: [String] = []
        if case .number(let text)? = metadata["Timestamp"], let timestamp = Int64(text) {
            let day: Int64 = 86_400_000
            if !(now - 14 * day...now + day / 12).contains(timestamp) { found.append("Timestamp outside the window") }
        } else {
            found.append("Timestamp is no whole number")
        }
        guard let directives = metadata["CloudWatchMetrics"]?.elements, !directives.isEmpty else {
            return found + ["no metric directive"]
        }
        let names = directives.flatMap { $0["Metrics"]?.elements ?? [] }.compactMap { $0["Name"]?.text }
        if names.count > 100 { found.append("more than 100 metrics in one document") }
        if Set(names).count < names.count { found.append("a metric in two directives") }
        let dimensions = directives.flatMap { $0["Dimensions"]?.elements ?? [] }.flatMap { $0.elements ?? [] }
        if !Set(names).isDisjoint(with: dimensions.compactMap(\.text)) { found.append("a metric that is a dimension") }
        return found + directives.flatMap { directiveViolations($0, root: root) }
    }

    private static func directiveViolations(_ directive: JSONNode, root: JSONNode) -> [String] {
        var found: [String] = []
        let namespace = directive["Namespace"]?.text ?? ""
        if !(1...255).contains(namespace.utf8.count) || namespace.hasPrefix(":") || namespace.hasPrefix("AWS/")
            || !namespace.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-_/#:".contains($0)) })
        {
            found.append("Namespace \(namespace)")
        }

        let sets = directive["Dimensions"]?.elements ?? []
        if sets.contains(where: { set in sets.count { $0 == set } > 1 }) { found.append("a dimension set twice") }
        if sets.isEmpty { found.append("no dimension set") }
        var dimensions: Set<String> = []
        for set in sets {
            guard let keys = set.elements, keys.count <= 30 else {
                found.append("dimension set is no array of at most 30")
                continue
            }
            if Set(keys.map { $0.text }).count < keys.count { found.append("a dimension twice in one set") }
            for key in keys {
                dimensions.insert(key.text ?? "")
                found += dimensionViolations(key.text ?? "", root: root)
            }
        }
        return found + metricViolations(directive["Metrics"]?.elements, dimensions: dimensions, root: root)
    }

    private static func dimensionViolations(_ key: String, root: JSONNode) -> [String] {
        let isKeyAllowed = isText(key, upTo: 250) && !key.hasPrefix(":")
        guard isKeyAllowed else { return ["dimension \(key)"] }
        guard let value = root[key]?.text, isText(value, upTo: 1024) else { return ["value of dimension \(key)"] }
        return []
    }

    private static func metricViolations(
        _ definitions: [JSONNode]?, dimensions: Set<String>, root: JSONNode
    ) -> [String] {
        guard let definitions, definitions.count <= 100 else { return ["Metrics is no array of at most 100"] }
        var found: [String] = []
        var seen: Set<String> = []
        for definition in definitions {
            guard let name = definition["Name"]?.text, isText(name, upTo: 255) else {
                found.append("a metric's name")
                continue
            }
            if !seen.insert(name).inserted { found.append("\(name) is defined twice") }
            if dimensions.contains(name) { found.append("\(name) is a dimension too") }
            if reserved.contains(name) { found.append("\(name) is reserved") }
            if !units.contains(definition["Unit"]?.text ?? "None") { found.append("unit of \(name)") }
            if let resolution = definition["StorageResolution"]?.number, ![1, 60].contains(resolution) {
                found.append("resolution of \(name)")
            }
            if !isValue(root[name]) { found.append("value of \(name)") }
        }
        return found
    }

    private static func isValue(_ node: JSONNode?) -> Bool {
        let values = node?.elements ?? [node].compactMap { $0 }
        // CloudWatch takes numbers up to 2^360.
        let limit = 0x1p360
        return (1...100).contains(values.count)
            && values.allSatisfy { ($0.number.map { (-limit...limit).contains($0) }) ?? false }
    }

    private static func isText(_ text: String, upTo limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && text.contains { $0 != " " }
    }

    private static let reserved: Set<String> = [
        "_aws", "level", "timestamp", "time", "message", "requestId", "tenantId", "errorType", "errorMessage",
        "stackTrace",
    ]

    /// The units that CloudWatch knows.
    package static let units: Set<String> = {
        let sizes = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"]
        let bits = ["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"]
        let rates = (sizes + bits + ["Count"]).map { "\($0)/Second" }
        let others = ["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "None"]
        return Set(sizes + bits + rates + others)
    }()
}
