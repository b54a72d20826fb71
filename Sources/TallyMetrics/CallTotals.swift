/// The sum of some calls' figures.
///
/// Sums form a commutative monoid: the empty value changes nothing, and the order of adding does not matter (units are
/// multiples of one half, which `Double` adds exactly; money is counted in whole picodollars). An unknown figure is
/// `nil` and stays so until a call tells it; it is never told as 0.
public struct CallTotals: Sendable, Hashable {
    /// Logical calls, failed ones included.
    public var calls = 0
    /// Time on the wire, retries included, waits between them not.
    public var duration = Duration.zero
    /// HTTP requests put on a wire.
    public var attempts = 0
    /// Attempts beyond the first of each call.
    public var retries = 0
    /// Time waited between attempts.
    public var retryDelay = Duration.zero
    /// Attempts that the service throttled.
    public var throttles = 0
    /// Calls that failed; a condition that did not hold is not among them.
    public var errors = 0
    /// Calls whose condition did not hold.
    public var conditionalFailures = 0
    /// Read capacity consumed, `nil` when no call told any.
    public var readUnits: Double?
    /// Write capacity consumed, `nil` when no call told any.
    public var writeUnits: Double?
    /// Items returned, `nil` when no call told any.
    public var itemCount: Int?
    /// Items read before any filter, `nil` when no call told any.
    public var scannedCount: Int?
    /// Content bytes of accepted requests.
    public var bytesUploaded = 0
    /// Content bytes received.
    public var bytesDownloaded = 0
    /// Content bytes of attempts that were not accepted.
    public var bytesResent = 0
    /// What the calls cost, in 10⁻¹² US dollars.
    public var picoUSD = 0

    /// Creates the sum of no calls.
    public init() {}

    /// Creates the figures of one call.
    ///
    /// - Parameters:
    ///   - record: The call.
    ///   - prices: What the call is priced with.
    public init(_ record: borrowing CallRecord, prices: borrowing PriceBook) {
        calls = 1
        duration = record.duration
        attempts = record.attempts
        retries = record.retries
        retryDelay = record.retryDelay
        throttles = record.throttles
        errors = record.outcome == .error ? 1 : 0
        conditionalFailures = record.outcome == .conditionalFailure ? 1 : 0
        readUnits = Self.plausible(record.readUnits)
        writeUnits = Self.plausible(record.writeUnits)
        itemCount = record.itemCount
        scannedCount = record.scannedCount
        bytesUploaded = record.bytesUploaded
        bytesDownloaded = record.bytesDownloaded
        bytesResent = record.bytesResent
        picoUSD = prices.picoUSD(
            for: record.service, operation: record.operation, attempts: attempts,
            readUnits: readUnits ?? 0, writeUnits: writeUnits ?? 0,
            bytesSent: bytesUploaded + bytesResent, bytesReceived: bytesDownloaded)
    }

    /// What the calls cost, in millionths of a US dollar.
    public var estimatedCost: Double { Double(picoUSD) / 1_000_000 }

    /// The sum of both.
    public static func + (left: CallTotals, right: CallTotals) -> CallTotals {
        var sum = left
        sum += right
        return sum
    }

    /// Adds `right` to `left`.
    public static func += (left: inout CallTotals, right: CallTotals) {
        left.calls += right.calls
        left.duration += right.duration
        left.attempts += right.attempts
        left.retries += right.retries
        left.retryDelay += right.retryDelay
        left.throttles += right.throttles
        left.errors += right.errors
        left.conditionalFailures += right.conditionalFailures
        left.readUnits = sum(left.readUnits, right.readUnits)
        left.writeUnits = sum(left.writeUnits, right.writeUnits)
        left.itemCount = sum(left.itemCount, right.itemCount)
        left.scannedCount = sum(left.scannedCount, right.scannedCount)
        left.bytesUploaded += right.bytesUploaded
        left.bytesDownloaded += right.bytesDownloaded
        left.bytesResent += right.bytesResent
        left.picoUSD += right.picoUSD
    }

    private static func sum<Figure: AdditiveArithmetic>(_ left: Figure?, _ right: Figure?) -> Figure? {
        guard let left else { return right }
        guard let right else { return left }
        return left + right
    }

    /// `units` unless no service could have meant it; one such figure would spoil every sum it entered.
    private static func plausible(_ units: Double?) -> Double? {
        guard let units, (0...1e9).contains(units) else { return nil }
        return units
    }
}
