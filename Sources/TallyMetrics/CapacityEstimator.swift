public import TallyWire

/// What reads and writes will consume of a table, computed from the sizes of items before a call is made.
///
///     let size = CapacityEstimator.size(of: item)
///     let units = CapacityEstimator.writeUnits(forItemOf: size)
///
/// What a call did consume, indexes included, is in ``CallRecord``.
///
/// Sources: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>,
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>
public enum CapacityEstimator {
    // MARK: - Units

    /// The read units of one item, in a call of its own, in a batch or in a transaction.
    ///
    /// An item that is not there costs as much as an empty one. In a batch or transaction each item is rounded up by
    /// itself; add the units of all.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the whole item, whatever is projected.
    ///   - consistency: How fresh the read is.
    /// - Returns: The units for each 4 KB begun, at least one.
    public static func readUnits(forItemOf byteCount: Int, _ consistency: ReadConsistency = .eventual) -> Double {
        steps(of: 4096, in: byteCount) * consistency.unitsPerStep
    }

    /// The read units of one page of a query or scan, whose items are rounded up together.
    ///
    /// - Parameters:
    ///   - byteCounts: The sizes of all items read, those that a filter drops included.
    ///   - consistency: How fresh the read is.
    /// - Returns: The units for each 4 KB begun, at least one.
    public static func readUnits(
        forPageOf byteCounts: some Sequence<Int>, _ consistency: ReadConsistency = .eventual
    ) -> Double {
        readUnits(forItemOf: byteCounts.reduce(0, +), consistency)
    }

    /// The write units that a put, an update or a delete consumes of the table itself, alone or in a batch.
    ///
    /// Each index that holds the item consumes units of its own, by the size of what it holds.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the whole item after the write, 0 after a delete.
    ///   - before: Its size before the write, 0 where it was not there.
    /// - Returns: One unit for each 1 KB begun of the larger size, at least one.
    public static func writeUnits(forItemOf byteCount: Int, before: Int = 0) -> Double {
        steps(of: 1024, in: max(byteCount, before))
    }

    /// The write units that a put, an update, a delete or a check consumes of the table itself in a transaction.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the whole item after the write, 0 after a delete.
    ///   - before: Its size before the write, 0 where it was not there.
    /// - Returns: Two units for each 1 KB begun of the larger size, at least two.
    public static func transactionWriteUnits(forItemOf byteCount: Int, before: Int = 0) -> Double {
        2 * writeUnits(forItemOf: byteCount, before: before)
    }

    /// How many steps of `width` bytes are begun; at least one, since nothing is read or written for free.
    private static func steps(of width: Int, in byteCount: Int) -> Double {
        (Double(max(byteCount, 1)) / Double(width)).rounded(.up)
    }

    // MARK: - Sizes

    /// The size of an item as DynamoDB counts it for units and for its limit of 400 KB.
    ///
    /// - Parameter item: The item.
    /// - Returns: Bytes: those of the names in UTF-8 and of the values.
    public static func size(of item: Item) -> Int {
        item.reduce(0) { $0 + $1.key.utf8.count + size(of: $1.value) }
    }

    /// The size of a value as DynamoDB counts it, without the attribute's name.
    ///
    /// - Parameter value: The value.
    /// - Returns: Bytes; for a number, of which AWS says no more than "approximately", an estimate.
    public static func size(of value: AttributeValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .number(let number): size(of: number)
        case .binary(let bytes): bytes.count
        case .bool, .null: 1
        case .list(let values): values.reduce(3) { $0 + 1 + size(of: $1) }
        // A member's name counts as an attribute's does.
        case .map(let members): 3 + members.count + size(of: members)
        case .stringSet(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .numberSet(let numbers): numbers.reduce(0) { $0 + size(of: $1) }
        case .binarySet(let values): values.reduce(0) { $0 + $1.count }
        }
    }

    /// One byte, and one for each pair of significant digits.
    ///
    /// AWS gives the rule as approximate. Pairs are counted from the point here, so that 12 is one and 1.2 is two, and
    /// a sign takes a byte more: ministack's reading of it, and never less than AWS's.
    private static func size(of number: Number) -> Int {
        let (isNegative, coefficient, exponent) = number.parts
        guard coefficient != 0 else { return 1 }
        var digits = exponent.isMultiple(of: 2) ? 0 : 1
        var rest = coefficient
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return 1 + (digits + 1) / 2 + (isNegative ? 1 : 0)
    }
}
