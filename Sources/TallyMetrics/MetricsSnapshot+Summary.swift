extension MetricsSnapshot {
    /// What each row of ``operations`` comes to, in their order.
    public var summary: [OperationSummary] { operations.map(OperationSummary.init) }

    /// Each service's part of the time that calls took, from 0 to 1; together they are 1, or each is 0 when nothing
    /// took any time.
    ///
    /// Calls side by side are each counted, so that this tells what to make faster, and ``awsWaitTime`` how much it
    /// was. DynamoDB, KMS and S3 are always there, others when they were called.
    public var shares: [Service: Double] {
        var times: [Service: Duration] = [.dynamoDB: .zero, .kms: .zero, .s3: .zero]
        for row in operations { times[row.key.service, default: .zero] += row.totals.duration }
        let whole = times.values.reduce(.zero, +)
        return times.mapValues { whole > .zero ? $0 / whole : 0 }
    }
}
