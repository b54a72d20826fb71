import TallyWire

/// Credentials as programs and containers tell them, in JSON.
struct CredentialDocument {
    private var accessKeyID: String?
    private var secretAccessKey: String?
    private var token: String?
    private var expiration: String?
    private(set) var code: String?
    private(set) var message: String?

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - body: One JSON object.
    ///   - tokenName: The name of the session token.
    ///   - readVersion: Reads the value of `Version`.
    /// - Throws: When the body is not that.
    init(
        _ body: [UInt8], tokenName: StaticString,
        readVersion: (inout JSONReader) throws(JSONError) -> Void = { (reader) throws(JSONError) in
            _ = try reader.skipValue()
        }
    ) throws(JSONError) {
        var document = CredentialDocument()
        try JSONReader.read(body) { (reader) throws(JSONError) in
            try reader.members { (key, reader) throws(JSONError) in
                if reader.matches(key, "Version") {
                    try readVersion(&reader)
                } else if reader.matches(key, "AccessKeyId") {
                    document.accessKeyID = try reader.string()
                } else if reader.matches(key, "SecretAccessKey") {
                    document.secretAccessKey = try reader.string()
                } else if reader.matches(key, tokenName) {
                    document.token = try reader.string()
                } else if reader.matches(key, "Expiration") {
                    document.expiration = try reader.string()
                } else if reader.matches(key, "code") || reader.matches(key, "Code") {
                    document.code = try reader.string()
                } else if reader.matches(key, "message") || reader.matches(key, "Message") {
                    document.message = try reader.string()
                } else {
                    return false
                }
                return true
            }
            try reader.finish()
        }
        self = document
    }

    private init() {}

    /// The credentials, or the error that `failure` makes of what is missing.
    func credentials(_ failure: (String) -> ConfigurationError) throws(ConfigurationError) -> Credentials {
        guard let accessKeyID, !accessKeyID.isEmpty else { throw failure("no AccessKeyId") }
        guard let secretAccessKey, !secretAccessKey.isEmpty else { throw failure("no SecretAccessKey") }
        let end = expiration.flatMap { Timestamp(iso8601: $0) }
        if let expiration, end == nil { throw failure("the Expiration \"\(expiration)\", which is no time") }
        return Credentials(
            accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: token, expiration: end)
    }
}
