public import TallyWire

/// What a mobile application tells of itself when it invokes a function with the AWS Mobile SDK.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax>
public struct ClientContext: Codable, Sendable, Hashable {
    /// The application.
    public struct Client: Codable, Sendable, Hashable {
        /// The installation's id.
        public let installationID: String?
        /// The application's name.
        public let appTitle: String?
        /// The application's version.
        public let appVersionName: String?
        /// The number of the application's version.
        public let appVersionCode: String?
        /// The name of the application's package.
        public let appPackageName: String?

        private enum CodingKeys: String, CodingKey {
            case installationID = "installation_id"
            case appTitle = "app_title"
            case appVersionName = "app_version_name"
            case appVersionCode = "app_version_code"
            case appPackageName = "app_package_name"
        }
    }

    /// The application.
    public let client: Client?
    /// What the application adds.
    public let custom: [String: JSONValue]?
    /// What the SDK tells of the device.
    public let environment: [String: JSONValue]?

    private enum CodingKeys: String, CodingKey {
        case client, custom
        case environment = "env"
    }
}
