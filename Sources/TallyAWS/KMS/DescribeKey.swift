public import TallyMetrics
import TallyWire

extension KMS {
    /// What KMS tells of a key.
    public struct DescribeKeyOutput: Sendable, Hashable {
        /// The key's id.
        public var keyID = ""
        /// The key's ARN.
        public var keyARN = ""
        /// Such as `Enabled`, `Disabled` or `PendingDeletion`.
        public var state = ""
        /// `SYMMETRIC_DEFAULT` for a key that can wrap data keys.
        public var spec: String?
        /// `ENCRYPT_DECRYPT` for a key that can wrap data keys.
        public var usage: String?
        /// `CUSTOMER`, or `AWS` for a key that a service manages.
        public var manager: String?
        /// Whether the key has replicas in other regions, or is one.
        public var isMultiRegion = false
        /// What its owner wrote about it.
        public var description: String?

        /// Whether the key can be used now.
        public var isEnabled: Bool { state == "Enabled" }
    }

    /// Returns what KMS tells of a key.
    ///
    /// - Parameters:
    ///   - key: The key's id, its ARN, or an alias as `alias/NAME`.
    ///   - models: The models on whose behalf.
    /// - Returns: The key's names, state and kind.
    /// - Throws: ``ServiceError`` when there is no such key, KMS refuses or retries run out.
    /// - Cost: One KMS request.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>
    public func describeKey(_ key: String, models: [ModelName] = []) async throws(ServiceError) -> DescribeKeyOutput {
        try await call("DescribeKey", key: key, models: models) { json in
            json.member("KeyId", key)
        } read: { (reader) throws(JSONError) in
            var output = DescribeKeyOutput()
            try reader.members { (member, reader) throws(JSONError) in
                guard reader.matches(member, "KeyMetadata") else { return false }
                try reader.members { (member, reader) throws(JSONError) in try output.read(member, &reader) }
                return true
            }
            return output
        }
    }
}

extension KMS.DescribeKeyOutput {
    fileprivate mutating func read(_ member: Range<Int>, _ reader: inout JSONReader) throws(JSONError) -> Bool {
        if reader.matches(member, "KeyId") {
            keyID = try reader.string()
        } else if reader.matches(member, "Arn") {
            keyARN = try reader.string()
        } else if reader.matches(member, "KeyState") {
            state = try reader.string()
        } else if reader.matches(member, "KeySpec") {
            spec = try reader.string()
        } else if reader.matches(member, "KeyUsage") {
            usage = try reader.string()
        } else if reader.matches(member, "KeyManager") {
            manager = try reader.string()
        } else if reader.matches(member, "MultiRegion") {
            isMultiRegion = try reader.bool()
        } else if reader.matches(member, "Description") {
            description = try reader.string()
        } else {
            return false
        }
        return true
    }
}
