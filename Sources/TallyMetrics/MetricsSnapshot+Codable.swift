/// A name in JSON that is known only when the program runs.
struct FigureKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension MetricsSnapshot: Codable {
    private static let isRecordedKey = FigureKey("is_recorded")
    private static let waitKey = FigureKey("aws_wait_ms")
    private static let reuseKey = FigureKey("kms_cache_hits")
    private static let operationsKey = FigureKey("operations")
    private static let localWorkKey = FigureKey("local_work")

    /// Encodes an object: the figures as they are logged (`kms_duration_ms`, `kms_calls`, `total_rcu` and so on), the
    /// breakdown as `operations`, and what was timed beside calls as `local_work`.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: FigureKey.self)
        try object.encode(isRecorded, forKey: Self.isRecordedKey)
        for figure in SnapshotFigure.all {
            let key = FigureKey(figure.name)
            switch figure.value(self) {
            case nil: break
            case .count(let count)?: try object.encode(count, forKey: key)
            case .number(let number)?: try object.encode(number, forKey: key)
            case .duration(let duration)?: try object.encode(duration.milliseconds, forKey: key)
            }
        }
        try object.encode(operations, forKey: Self.operationsKey)
        try object.encode(localWork, forKey: Self.localWorkKey)
    }

    /// Decodes what was encoded; the sums are made anew from the breakdown.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it is no snapshot.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: FigureKey.self)
        self.init(
            operations: try object.decode([OperationTotals].self, forKey: Self.operationsKey),
            awsWaitTime: Duration(milliseconds: try object.decode(Double.self, forKey: Self.waitKey)),
            kmsCacheHits: try object.decode(Int.self, forKey: Self.reuseKey))
        localWork = try object.decode(Statistics.self, forKey: Self.localWorkKey)
        if try !object.decode(Bool.self, forKey: Self.isRecordedKey) { self = .unrecorded }
    }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }

    /// The whole nanoseconds nearest to a number of milliseconds.
    init(milliseconds: Double) {
        let nanoseconds = (milliseconds * 1_000_000).rounded()
        self = .nanoseconds(Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max))
    }
}
