import TallyWire

/// CloudWatch's rules for names, values and dimensions.
///
/// CloudWatch tells nobody when one is broken: it drops the metric, the dimensions or the whole line.
///
/// Sources: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
enum MetricRules {
    /// Metrics in one document.
    static let metricLimit = 100
    /// Values of one metric in one document.
    static let valueLimit = 100
    /// Names in one set of dimensions, `service` among them; here of all sets of a document together.
    static let dimensionLimit = 30
    /// 256 KiB less the 26 bytes that CloudWatch Logs counts for each event.
    ///
    /// Events may be larger today; what else reads logs still splits here.
    static let lineLimit = 262_144 - 26

    // MARK: - Limits of this library, so that no handler fills the memory or the log

    /// Values that one invocation can add.
    static let storedValueLimit = 100_000
    /// Properties of one invocation; Logs Insights indexes 200 members of a line.
    static let propertyLimit = 100
    /// Bytes of the names in all sets of dimensions together, which each document repeats.
    static let dimensionNameByteLimit = 16_384
    /// Bytes of all properties together, so that the line has room for the metrics.
    static let propertyByteLimit = 65_536

    // MARK: - Names

    /// Members that a line has already or that Lambda gives a meaning.
    static let reservedNames: Set<String> = {
        let lambda = [
            "_aws", "level", "timestamp", "time", "message", "requestId", "tenantId", "errorType", "errorMessage",
            "stackTrace",
        ]
        let line = ["service", "functionName", "functionVersion"] + JSONKey.properties.map(\.name)
        return Set(lambda + line + EMFCatalogue.metrics.map(\.name.rawValue))
    }()

    /// Further members of detailed lines: no dimension of the function can have one's name.
    static let detailNames: Set<String> = [
        "table", "bucket", "operation", "index", "dependency", "errorCode", "Duration", "Operations", "Errors",
        "Retries", "Throttles", "ReadUnits", "WriteUnits", "IndexReadUnits", "IndexWriteUnits", "ErrorsByCode",
    ]

    /// What is wrong with the name of a metric, dimension or property; `nil` when nothing is.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - limit: Bytes that it may have.
    /// - Returns: What was seen, and what to do.
    static func fault(inName name: String, upTo limit: Int = 255) -> String? {
        guard isText(name, upTo: limit), !name.hasPrefix(":") else {
            return "not a name that CloudWatch takes. "
                + "Use 1 to \(limit) printable ASCII characters, not all blank, not beginning with ':'"
        }
        guard !reservedNames.contains(name) else {
            return "the line has a member of this name already. Choose another name"
        }
        return nil
    }

    /// What is wrong with a namespace; `nil` when nothing is.
    ///
    /// - Parameter namespace: The namespace.
    /// - Returns: What was seen, and what to do.
    static func fault(inNamespace namespace: String) -> String? {
        let isAllowed = namespace.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: ".-_/#:".utf8.contains(byte)
            }
        }
        guard isAllowed, (1...255).contains(namespace.utf8.count), !namespace.hasPrefix(":"),
            !namespace.hasPrefix("AWS/")
        else {
            return "\(quoted(namespace)) is not a CloudWatch namespace. "
                + "Use 1 to 255 letters, digits and . - _ / # :, not beginning with ':' or 'AWS/'."
        }
        return nil
    }

    // MARK: - Values

    /// What is wrong with a metric's value; `nil` when nothing is.
    ///
    /// - Parameter value: The value.
    /// - Returns: What was seen, and what to do.
    static func fault(inValue value: Double) -> String? {
        // JSON has no number for NaN and infinities: one of them would cost all of the line.
        guard value.magnitude <= 0x1p360 else {
            return "the value \(value) is not one that CloudWatch takes. Add finite numbers between -2^360 and 2^360"
        }
        return nil
    }

    /// What is wrong with a dimension's value; `nil` when nothing is.
    ///
    /// - Parameter value: The value.
    /// - Returns: What was seen, and what to do.
    static func fault(inDimensionValue value: String) -> String? {
        // Of a dimension whose value breaks these rules CloudWatch drops all dimensions, and so publishes another
        // metric.
        guard isText(value, upTo: 1024) else {
            return "the value \(quoted(value)) (\(value.utf8.count) bytes) cannot be a dimension's. "
                + "Use 1 to 1024 printable ASCII characters, not all blank"
        }
        return nil
    }

    /// Whether a text is printable ASCII of at most so many bytes and not all blank.
    static func isText(_ text: String, upTo limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && text.utf8.contains { $0 != UInt8(ascii: " ") }
    }
}
