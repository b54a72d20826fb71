import TallyWire

extension MetricsScope {
    /// Does local work and times it in the scope in force; without one, or at level `none`, it reads no clock.
    ///
    ///     let page = try MetricsScope.timing("page.render") { try render(items) }
    ///
    /// - Parameters:
    ///   - name: What it is timed under.
    ///   - model: The model that it is done for.
    ///   - work: The work.
    /// - Returns: What the work returned.
    /// - Throws: What the work throws; its time counts all the same.
    @inlinable
    public static func timing<Result, Failure: Error>(
        _ name: StatisticName, for model: ModelName? = nil, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let scope = current, scope.level != .none else { return try work() }
        let start = clock()
        defer { scope.addTime(since: start, to: name, for: model) }
        return try work()
    }

    /// Does local work that suspends, and times it as ``timing(_:for:_:)`` does.
    package static func timing<Result>(
        _ name: StatisticName, for model: ModelName?, isolation: isolated (any Actor)? = #isolation,
        _ work: () async throws -> Result
    ) async rethrows -> Result {
        guard let scope = current, scope.level != .none else { return try await work() }
        let start = clock()
        defer { scope.addTime(since: start, to: name, for: model) }
        return try await work()
    }

    /// Adds to a counter of the scope.
    ///
    /// - Parameters:
    ///   - name: The counter.
    ///   - count: How many more.
    ///   - model: The model that they belong to.
    public func count(_ name: StatisticName, by count: Int = 1, for model: ModelName? = nil) {
        update(for: model) { $0.add(count, to: name) }
    }

    /// Notes a size.
    ///
    /// - Parameters:
    ///   - size: The size.
    ///   - name: What has it.
    ///   - model: The model that it belongs to.
    public func note(_ size: Int, of name: StatisticName, for model: ModelName? = nil) {
        update(for: model) { $0.note(size, of: name) }
    }

    /// Adds a time.
    ///
    /// - Parameters:
    ///   - duration: How long it took.
    ///   - name: What took it.
    ///   - model: The model that it was done for.
    ///   - end: When it ended; now when `nil`.
    public func addTime(
        _ duration: Duration, to name: StatisticName, for model: ModelName? = nil,
        at end: ContinuousClock.Instant? = nil
    ) {
        guard level != .none else { return }
        add(duration.wholeNanoseconds, to: name, for: model, at: end.map { Moment($0) } ?? .now)
    }

    @usableFromInline
    static func clock() -> Int64 { Moment.now.nanoseconds }

    @usableFromInline
    func addTime(since start: Int64, to name: StatisticName, for model: ModelName?) {
        let end = Moment.now
        add(Moment(nanoseconds: start).nanoseconds(to: end), to: name, for: model, at: end)
    }

    private func add(_ nanoseconds: Int64, to name: StatisticName, for model: ModelName?, at end: Moment) {
        guard let time = wallTime(at: end)?.wholeMilliseconds else { return }
        if slowCallThreshold != nil { ModelOperation.current?.add(nanoseconds, to: name) }
        update(for: model) { $0.add(nanoseconds, atMillisecond: time, to: name) }
    }
}
