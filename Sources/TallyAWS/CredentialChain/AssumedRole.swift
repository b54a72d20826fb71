import TallyMetrics
import TallyWire

/// Credentials of a role, which STS gives for those of somebody who may assume it.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
struct AssumedRole: Sendable {
    let arn: String
    let sessionName: String
    let externalID: String?
    let duration: String?
    let profile: String
    /// Makes calls with the credentials of whoever assumes the role.
    let client: ServiceClient

    func fetch() async throws -> Credentials {
        var parameters = ["RoleArn": arn, "RoleSessionName": sessionName]
        parameters["ExternalId"] = externalID
        parameters["DurationSeconds"] = duration
        let answer = try await client.call(
            service: .sts, action: "AssumeRole", version: "2011-06-15", parameters: parameters)
        guard let credentials = XMLElement(answer)?.find("Credentials"),
            let id = credentials["AccessKeyId"], let secret = credentials["SecretAccessKey"],
            let token = credentials["SessionToken"],
            let end = credentials["Expiration"].flatMap({ Timestamp(iso8601: $0) })
        else {
            throw ConfigurationError(
                "profile \(profile): role_arn", "STS answered without credentials for \(arn). Try again.")
        }
        return Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end)
    }
}
