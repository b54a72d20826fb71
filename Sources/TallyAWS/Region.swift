/// An AWS region, such as `us-east-1`.
///
///     let region: Region = "eu-central-1"
public struct Region: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The region's name.
    public let name: String

    /// Creates a region from its name, which need not be one that exists today.
    ///
    /// - Parameter name: Lower-case letters, digits and hyphens.
    /// - Throws: ``ConfigurationError`` when `name` cannot be a region and so must not become part of a host name.
    public init(_ name: String) throws(ConfigurationError) {
        guard Self.isPlausible(name) else {
            throw ConfigurationError(
                "region", "\"\(name)\" is not a region's name. Use one such as us-east-1."
            )
        }
        self.name = name
    }

    /// Creates the region that `AWS_REGION`, else `AWS_DEFAULT_REGION`, else the profile's `region` names.
    ///
    /// - Parameters:
    ///   - environment: Looks up a variable; an empty value counts as absent.
    ///   - configuration: The shared files; `nil` looks at the environment only.
    /// - Throws: ``ConfigurationError`` when none is set or the name cannot be a region.
    public init(
        environment: (String) -> String?, configuration: SharedConfiguration? = nil
    ) throws(ConfigurationError) {
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            guard let name = environment(variable), !name.isEmpty else { continue }
            guard Self.isPlausible(name) else {
                throw ConfigurationError(
                    variable, "\"\(name)\" is not a region's name. Set it to one such as us-east-1."
                )
            }
            self.name = name
            return
        }
        if let configuration, let name = configuration["region"] {
            guard Self.isPlausible(name) else {
                throw ConfigurationError(
                    "profile \(configuration.profile): region",
                    "\"\(name)\" is not a region's name. Set it to one such as us-east-1.")
            }
            self.name = name
            return
        }
        throw ConfigurationError("AWS_REGION", "not set. Set it to the region of your tables, such as us-east-1.")
    }

    /// Creates a region from a literal in source code; a literal that cannot be a region ends the process.
    ///
    /// - Parameter value: The region's name.
    public init(stringLiteral value: StaticString) {
        let name = value.description
        guard Self.isPlausible(name) else { fatalError("Region \"\(name)\": use a name such as us-east-1") }
        self.name = name
    }

    /// The region's name.
    public var description: String { name }

    /// The domain under which the region's partition has its endpoints.
    var domain: String {
        Self.domains.first(where: { name.hasPrefix($0.prefix) })?.domain ?? "amazonaws.com"
    }

    // The regions' first letters tell their partition.
    private static let domains: [(prefix: String, domain: String)] = [
        ("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu"), ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"), ("us-iso-", "c2s.ic.gov"), ("eu-isoe-", "cloud.adc-e.uk"),
    ]

    private static func isPlausible(_ name: String) -> Bool {
        let bytes = name.utf8
        return (3...32).contains(bytes.count) && bytes.first != UInt8(ascii: "-") && bytes.last != UInt8(ascii: "-")
            && bytes.allSatisfy { $0 &- 97 < 26 || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") }
    }
}
