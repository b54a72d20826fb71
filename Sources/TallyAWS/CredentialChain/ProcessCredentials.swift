import TallyWire

/// Credentials that a program prints, as `credential_process` in a profile names it.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
struct ProcessCredentials: Sendable {
    let command: String
    let profile: String
    let timeout: Duration

    init(command: String, profile: String, timeout: Duration = .seconds(60)) {
        self.command = command
        self.profile = profile
        self.timeout = timeout
    }

    func fetch() async throws -> Credentials {
        let result = await ShellCommand(command, timeout: timeout).run()
        guard let result else { throw failure("did not end within \(timeout). See why it waits") }
        guard result.status == 0 else {
            let said = ErrorBody.excerpt(ofText: result.errors)
            throw failure("ended with status \(result.status)\(said.isEmpty ? "" : ": \(said)"). Run it in a shell")
        }
        return try credentials(from: result.output)
    }

    private func credentials(from output: [UInt8]) throws -> Credentials {
        var version: Int?
        let answer: CredentialDocument
        do throws(JSONError) {
            answer = try CredentialDocument(output, tokenName: "SessionToken") { (reader) throws(JSONError) in
                version = try reader.integer()
            }
        } catch {
            // The output may hold secrets: none of it is told.
            throw failure("printed no JSON (\(error)). See that it prints what AWS's documentation asks for")
        }
        guard version == 1 else {
            throw failure("printed \(version.map { "Version \($0)" } ?? "no Version"), not 1. See that it prints 1")
        }
        return try answer.credentials { failure("printed \($0). See that it prints what AWS's documentation asks for") }
    }

    private func failure(_ what: String) -> ConfigurationError {
        ConfigurationError("profile \(profile): credential_process", "the command \(what).")
    }
}
