/// What AWS's shared files `~/.aws/config` and `~/.aws/credentials` say of a profile.
///
/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name other files, `AWS_PROFILE` another profile than `default`.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html>
public struct SharedConfiguration: Sendable {
    /// The profile's name.
    public let profile: String
    /// Whether the profile was asked for by name, so that its absence is an error.
    let isExplicit: Bool
    /// The files that were looked for, for errors.
    let paths: [String]
    private var profiles: [String: [String: String]] = [:]
    private var services: [String: [String: ConfigurationFile.Property]] = [:]

    /// Reads the files of this machine.
    ///
    /// - Parameters:
    ///   - profile: The profile; `nil` for the one that `AWS_PROFILE` names, else `default`.
    ///   - environment: Looks up a variable; an empty value counts as absent.
    /// - Throws: ``ConfigurationError`` when a file cannot be read as one, or has no such profile.
    public init(
        profile: String? = nil, environment: (String) -> String? = ProcessEnvironment.value
    ) throws(ConfigurationError) {
        try self.init(profile: profile, environment: environment, read: TextFile.read)
    }

    init(
        profile: String?, environment: (String) -> String?, read: (String) throws(ConfigurationError) -> String?
    ) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment(name).nonEmpty }
        let named = profile ?? value("AWS_PROFILE")
        self.profile = named ?? "default"
        isExplicit = named != nil

        let home = value("HOME")
        func path(_ variable: String, _ standard: String) -> String? {
            guard let path = value(variable) else { return home.map { "\($0)/.aws/\(standard)" } }
            guard path.hasPrefix("~/"), let home else { return path }
            return home + path.dropFirst()
        }
        let configPath = path("AWS_CONFIG_FILE", "config")
        let credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        paths = [configPath, credentialsPath].compactMap { $0 }

        if let configPath, let text = try read(configPath) {
            addConfig(try ConfigurationFile(text, path: configPath))
        }
        if let credentialsPath, let text = try read(credentialsPath) {
            // What both files say of a profile, the credentials file says last.
            for (name, properties) in try ConfigurationFile(text, path: credentialsPath).sections {
                profiles[name, default: [:]].merge(properties.mapValues(\.value)) { $1 }
            }
        }
        if named != nil, profiles[self.profile] == nil {
            throw ConfigurationError(
                profile == nil ? "AWS_PROFILE" : "profile",
                "there is no profile \"\(self.profile)\" in \(paths.joined(separator: " or ")). "
                    + "Use one of \(profiles.keys.sorted().joined(separator: ", ")).")
        }
        for unsupported in ["use_fips_endpoint", "use_dualstack_endpoint"] where self[unsupported] == "true" {
            throw ConfigurationError(
                "profile \(self.profile): \(unsupported)",
                "not supported. Remove it and name the endpoint in endpoint_url instead.")
        }
    }

    private mutating func addConfig(_ file: ConfigurationFile) {
        for (section, properties) in file.sections {
            let values = properties.mapValues(\.value)
            if section.hasPrefix("profile ") {
                profiles[String(section.dropFirst("profile ".count)), default: [:]].merge(values) { $1 }
            } else if section.hasPrefix("services ") {
                services[String(section.dropFirst("services ".count))] = properties
            } else if section == "default", file.sections["profile default"] == nil {
                profiles["default", default: [:]].merge(values) { $1 }
            }
        }
    }

    /// A value of the profile; `nil` when it is absent or empty.
    subscript(name: String) -> String? {
        (values(of: profile)?[name]).nonEmpty
    }

    /// The values of any profile; `nil` when there is no such profile.
    func values(of profile: String) -> [String: String]? {
        profiles[profile]
    }

    /// The URL at which the profile reaches a service; `nil` for AWS's own.
    func endpointURL(of serviceID: String) -> String? {
        guard self["ignore_configured_endpoint_urls"]?.lowercased() != "true" else { return nil }
        let own = self["services"].flatMap { services[$0]?[serviceID.lowercased()]?.nested["endpoint_url"] }
        return own ?? self["endpoint_url"]
    }
}
