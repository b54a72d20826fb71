/// The dotted name of something that is counted, timed or sized, such as `model.save.encode`.
///
/// A function may add its own; those of calls are made of service and operation, such as `dynamodb.put_item`.
public struct StatisticName: RawRepresentable, Sendable, Hashable, Comparable, ExpressibleByStringLiteral {
    /// The name.
    public let rawValue: String

    /// Creates a name.
    ///
    /// - Parameter rawValue: Words in lower case with underscores, from the general to the particular, between dots.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name.
    ///
    /// - Parameter value: The name.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// A model to an item, its secrets included.
    public static let saveEncode = StatisticName(rawValue: "model.save.encode")
    /// An item to a model, its secrets included.
    public static let getDecode = StatisticName(rawValue: "model.get.decode")
    /// The items of a page to models, their secrets included.
    public static let pageDecode = StatisticName(rawValue: "model.page.decode")
    /// A secret to its envelope.
    public static let seal = StatisticName(rawValue: "model.secret.seal")
    /// An envelope to its secret.
    public static let open = StatisticName(rawValue: "model.secret.open")
    /// The checksum of an object's content, as it is uploaded or downloaded.
    public static let checksum = StatisticName(rawValue: "s3.checksum")
    /// The content of a stored file, fetched and verified.
    public static let fileResolve = StatisticName(rawValue: "model.file.resolve")
    /// Values that were opened with a data key that was there already.
    public static let cacheHits = StatisticName(rawValue: "cache.hits")
    /// Data keys that had to be fetched.
    public static let cacheMisses = StatisticName(rawValue: "cache.misses")
    /// Bytes of an item's JSON: of one that a save wrote, and of each that a batch wrote or read.
    public static let itemSize = StatisticName(rawValue: "item_size")
    /// Bytes of an object as it was uploaded.
    public static let objectSize = StatisticName(rawValue: "object_size")

    /// The name of a call: service and operation in lower case with underscores.
    ///
    /// - Parameters:
    ///   - service: The service called.
    ///   - operation: The operation's name at the service.
    /// - Returns: For `PutItem` of DynamoDB `dynamodb.put_item`.
    public static func call(_ service: Service, _ operation: String) -> StatisticName {
        var name = service.rawValue.lowercased() + "."
        var previousIsLower = false
        for character in operation {
            if character.isUppercase, previousIsLower { name.append("_") }
            previousIsLower = !character.isUppercase
            name += character.lowercased()
        }
        return StatisticName(rawValue: name)
    }

    /// Orders by name.
    public static func < (left: StatisticName, right: StatisticName) -> Bool {
        left.rawValue < right.rawValue
    }
}
