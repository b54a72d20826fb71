/// How fresh a read is, on which depends what it consumes.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>
public struct ReadConsistency: Sendable, Hashable {
    /// Read units for each 4 KB.
    let unitsPerStep: Double

    /// Half a unit for each 4 KB; DynamoDB's default, and all that a global secondary index has.
    public static let eventual = ReadConsistency(unitsPerStep: 0.5)
    /// One unit for each 4 KB.
    public static let strong = ReadConsistency(unitsPerStep: 1)
    /// Two units for each 4 KB.
    public static let transactional = ReadConsistency(unitsPerStep: 2)
}
