import Synchronization
package import TallyWire

/// The account of one invocation (or of init, or of a stretch of work outside Lambda).
///
/// The scope in force is ``current``, a task-local value that child tasks and `Task { }` inherit. Each call reports to
/// the scope that was in force when it began:
///
///     let scope = MetricsScope.current
///     scope?.begin(for: models)
///     …
///     MetricsScope.record(record, in: scope)
///
/// May be used from any thread. Figures are exact whatever runs side by side.
public final class MetricsScope: Sendable {
    /// The scope in force here, `nil` outside any.
    @TaskLocal public static var current: MetricsScope?

    /// What is known of the invocation.
    public let invocation: InvocationInfo
    /// How much is measured.
    public let level: MetricsLevel

    let parent: MetricsScope?
    /// The dimensions of the function, which no metric may be named like.
    let dimensions: [MetricDimension]
    let logger: Logger?
    /// What the handler added.
    let additions: Mutex<UserMetrics?>
    let lineIsClaimed = Atomic(false)
    /// The line as the handler of crashes sees it; `nil` where none is installed.
    private let openLine: OpenLine?
    /// Sends the subsegments of the invocation's calls; `nil` where nobody takes them.
    let emitter: XRayEmitter?
    /// Calls and operations of models that take as many nanoseconds are told in the log; `nil` where none are.
    let slowCallThreshold: Int64?
    let slowCalls = Atomic(0)
    let isTrackingKeys: Atomic<Bool>
    private let prices: PriceBook
    /// `nil` at level `none`.
    private let anchor: WallClockAnchor?
    private let accounts = Mutex(Accounts())

    private struct Accounts {
        var whole = CallLedger()
        var models = SmallTable<ModelName, CallLedger>()
        var details = CallDetails()
    }

    /// Opens a scope.
    ///
    /// - Parameters:
    ///   - invocation: What is known of the invocation.
    ///   - level: How much is measured; at `none` nothing is, and snapshots say so.
    ///   - prices: What calls are priced with.
    ///   - dimensions: The function's own, see ``MetricsConfiguration/dimensions``.
    ///   - userMetrics: What is on its line already: what was added before the first invocation.
    ///   - logger: Is told of metrics that are refused and of slow calls; the parent's, else the one of the process,
    ///     when `nil`.
    ///   - slowCallThreshold: Calls that take as long are told in the log; the parent's, if any, when `nil`.
    ///   - parent: A scope around this one, which is told of every call and every metric as well.
    public convenience init(
        _ invocation: InvocationInfo = InvocationInfo(), level: MetricsLevel = .summary, prices: PriceBook = .usEast1,
        dimensions: [MetricDimension] = [], userMetrics: UserMetrics? = nil, logger: Logger? = nil,
        slowCallThreshold: Duration? = nil, parent: MetricsScope? = nil
    ) {
        self.init(
            invocation, level: level, prices: prices, dimensions: dimensions, userMetrics: userMetrics, logger: logger,
            slowCallThreshold: slowCallThreshold, parent: parent, emitter: nil)
    }

    /// Opens a scope whose calls are told to X-Ray, at a moment that is now unless a test says otherwise.
    package init(
        _ invocation: InvocationInfo = InvocationInfo(), level: MetricsLevel = .summary, prices: PriceBook = .usEast1,
        dimensions: [MetricDimension] = [], userMetrics: UserMetrics? = nil, logger: Logger? = nil,
        slowCallThreshold: Duration? = nil, parent: MetricsScope? = nil, emitter: XRayEmitter?,
        anchor: WallClockAnchor? = nil, openLine: OpenLine? = nil
    ) {
        self.invocation = invocation
        self.level = level
        self.prices = prices
        self.dimensions = dimensions
        self.logger = logger ?? parent?.logger
        self.parent = parent
        self.emitter = emitter
        self.slowCallThreshold =
            level == .none ? nil : slowCallThreshold?.wholeNanoseconds ?? parent?.slowCallThreshold
        isTrackingKeys = Atomic(parent?.tracksKeys == true)
        self.anchor = level == .none ? nil : anchor ?? .now()
        self.openLine = openLine
        additions = Mutex(userMetrics)
    }

    // MARK: - Recording

    /// Tells that a call begins, for the time that calls are waited for.
    ///
    /// - Parameters:
    ///   - models: The models on whose behalf the call is made, those of its record.
    ///   - instant: When it begins.
    public func begin(for models: [ModelName] = [], at instant: ContinuousClock.Instant = .now) {
        begin(for: models, at: Moment(instant))
    }

    package func begin(for models: [ModelName], at moment: Moment) {
        parent?.begin(for: models, at: moment)
        guard level != .none else { return }
        accounts.withLock { accounts in
            accounts.whole.begin(at: moment)
            for model in distinct(models) {
                accounts.models.update(model, from: CallLedger()) { $0.begin(at: moment) }
            }
        }
    }

    /// Enters a call that has ended into the scope in which it began.
    ///
    /// Without a scope, or when the scope's line is already written, the call is told in the next line as a late one.
    ///
    /// - Parameters:
    ///   - record: The call.
    ///   - scope: The scope that was in force when the call began.
    ///   - instant: When it ended.
    public static func record(
        _ record: CallRecord, in scope: MetricsScope?, at instant: ContinuousClock.Instant = .now
    ) {
        var record = record
        enter(&record, in: scope, at: Moment(instant))
    }

    /// Enters a call that has ended, and is then done with its record, see ``record(_:in:at:)``.
    package static func enter(
        _ record: inout CallRecord, in scope: MetricsScope?, at moment: @autoclosure () -> Moment
    ) {
        guard let scope else { return late.add() }
        // Where there is no line, nothing is late, and there is no trace to tell of the call.
        guard scope.isRecording else { return }
        let end = moment()
        if let id = record.subsegmentID { scope.sendSubsegment(of: record, as: id, endedAt: end) }
        if scope.level != .none { scope.warn(of: record, endedAt: end) }
        if !scope.enter(&record, at: end) { late.add() }
    }

    /// Counts values that were opened with a data key that was already there, without a call.
    ///
    /// - Parameters:
    ///   - models: The models whose values were opened.
    ///   - count: How many values.
    public func countKeyReuse(for models: [ModelName] = [], count: Int = 1) {
        parent?.countKeyReuse(for: models, count: count)
        guard level != .none else { return }
        accounts.withLock { accounts in
            accounts.whole.addKeyReuses(count)
            for model in distinct(models) {
                accounts.models.update(model, from: CallLedger()) { $0.addKeyReuses(count) }
            }
        }
    }

    /// - Returns: Whether a scope still has a line to tell the call in.
    private func enter(_ record: inout CallRecord, at moment: Moment) -> Bool {
        var isWhole = true
        let isInTime = accounts.withLock { accounts in
            // Looked at under the lock: whoever claims the line takes the lock afterwards for the line's snapshot, so
            // every record is either in that snapshot or late.
            guard !lineIsClaimed.load(ordering: .acquiring) else { return false }
            guard let anchor else { return true }

            let call = CallEntry(record, prices: prices, end: anchor.time(at: moment))
            accounts.whole.end(record, call, at: moment)
            openLine?.add(call.totals, of: record.service)
            if record.keyHash != nil || !record.throttleCauses.isEmpty { accounts.details.addThrottles(of: record) }
            if level == .detailed { isWhole = accounts.details.add(record, call.totals, Self.registry) }
            let models = distinct(record.models)
            for model in models {
                accounts.models.update(model, from: CallLedger()) { ledger in
                    ledger.end(record, call, at: moment)
                    ledger.keep(&record, isDone: models.count == 1 && parent == nil)
                }
            }
            return true
        }
        if !isWhole { warnOfTuples() }
        guard let parent else { return isInTime }
        return parent.enter(&record, at: moment)
    }

    /// Changes the statistics of the scope, of one of its models and of the scopes around it; nothing at level `none`.
    func update(for model: ModelName?, _ change: (inout Statistics) -> Void) {
        parent?.update(for: model, change)
        guard level != .none else { return }
        accounts.withLock { accounts in
            change(&accounts.whole.statistics)
            if let model { accounts.models.update(model, from: CallLedger()) { change(&$0.statistics) } }
        }
    }

    /// The time of day of a moment, `nil` at level `none`.
    func wallTime(at moment: Moment) -> Timestamp? {
        anchor?.time(at: moment)
    }

    /// `models` without repetitions, since a call counts once in each model that it touched.
    private func distinct(_ models: [ModelName]) -> [ModelName] {
        models.count < 2 ? models : Array(Set(models))
    }

    // MARK: - Reading

    /// What the scope's calls took so far; calls still under way are in the wait time only.
    ///
    /// - Parameter instant: Until when open calls are counted into the wait time.
    /// - Returns: A value of its own; ``MetricsSnapshot/unrecorded`` at level `none`.
    public func snapshot(at instant: ContinuousClock.Instant = .now) -> MetricsSnapshot {
        guard level != .none else { return .unrecorded }
        return accounts.withLock { $0.whole.snapshot(at: Moment(instant)) }
    }

    /// What is known of the calls so far beside their sums; empty at level `none`.
    ///
    /// - Returns: A value of its own.
    public func details() -> CallDetails {
        accounts.withLock { $0.details }
    }

    /// What one model's calls took since the scope began or the model was reset.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - instant: Until when open calls are counted into the wait time.
    /// - Returns: A value of its own; ``MetricsSnapshot/unrecorded`` at level `none`.
    public func snapshot(for model: ModelName, at instant: ContinuousClock.Instant = .now) -> MetricsSnapshot {
        guard level != .none else { return .unrecorded }
        return accounts.withLock { ($0.models[model] ?? CallLedger()).snapshot(at: Moment(instant)) }
    }

    /// The call of a model that ended last.
    ///
    /// - Parameter model: The model.
    /// - Returns: Its record, `nil` when there was none since the scope began or the model was reset.
    public func last(for model: ModelName) -> CallRecord? {
        accounts.withLock { $0.models[model]?.last }
    }

    /// Starts a model's figures again from zero; the scope's own figures are unaffected.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - instant: From when open calls are counted into the model's wait time.
    public func reset(_ model: ModelName, at instant: ContinuousClock.Instant = .now) {
        accounts.withLock { accounts in
            // One that no call touched has nothing to forget.
            _ = accounts.models.update(model) { $0.reset(at: Moment(instant)) }
        }
    }

    // MARK: - The line

    /// Claims the right to write this scope's line.
    ///
    /// Take the line's ``snapshot(at:)`` after it: every call is then either in the snapshot or late, never both or
    /// neither.
    ///
    /// - Returns: `true` for exactly one caller, whatever the threads.
    public func claimLine() -> Bool {
        // First where a crash claims it as well.
        if let openLine, !openLine.claim() { return false }
        return lineIsClaimed.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }

    /// Tells that the line that was claimed is out, or that there is none: until then a crash waits for it.
    package func closeLine() {
        openLine?.close()
    }

    // One for the process; task-local only so that a test can have its own.
    @TaskLocal static var late = LateCallCounter()

    /// Calls of this process that no line has told yet: they ended outside any scope or after their scope's line.
    public static var lateCalls: Int { late.count }

    /// Takes the late calls, for the line that tells them.
    ///
    /// - Returns: How many there were since they were last taken.
    public static func drainLateCalls() -> Int {
        late.drain()
    }
}
