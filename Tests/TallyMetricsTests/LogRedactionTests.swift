import Testing

@testable import TallyMetrics

@Suite struct LogRedactionTests {
    @Test(arguments: [
        "password", "Password", "userPassword", "user_password", "PASSWORD", "Authorization", "X-Amz-Security-Token",
        "sessionToken", "apiKey", "api_key", "API-Key", "X-Api-Key", "accessKeyId", "Set-Cookie",
        "aws_secret_access_key",
        "dbCredentials", "privateKey",
    ])
    func `a name that has such words is hidden, however it is written`(name: String) {
        #expect(LogRedaction.standard.hides(name))
    }

    @Test(arguments: [
        "tokens", "tokenized", "secretary", "key", "partition_key", "kms_calls", "apiKeys", "monkey", "passwords",
        "access",
        "", "_", "title",
    ])
    func `other names are shown`(name: String) {
        #expect(!LogRedaction.standard.hides(name))
    }

    @Test func `further names are hidden beside the usual ones`() {
        let redaction = LogRedaction.standard.adding("birthDate", "iban")

        #expect(["birth_date", "customerBirthDate", "IBAN", "password"].allSatisfy(redaction.hides))
        #expect(!redaction.hides("date"))
        #expect(!LogRedaction.none.hides("password"))
        #expect(!LogRedaction.none.adding("").hides("password"))
    }

    @Test func `a hidden value is told as such, whatever its type, and never written`() {
        let lines = Pipe.lines { output in
            Logger(handler: JSONLogHandler(output: output))
                .info("signed in", ["user": "u-1", "password": "hunter2", "apiKey": 12_345, "tokens": 7])
        }

        #expect(lines.count == 1)
        #expect(lines[0].hasSuffix(#","user":"u-1","password":"[redacted]","apiKey":"[redacted]","tokens":7}"#))
        #expect(!lines[0].contains("hunter2") && !lines[0].contains("12345"))
    }

    @Test func `a logger of one's own configuration hides what that says`() {
        let lines = Pipe.lines { output in
            let handler = JSONLogHandler(output: output)
            Logger(handler: handler, redaction: .none).info("x", ["password": "shown"])
            Logger(handler: handler, redaction: .none.adding("iban")).info("x", ["iban": "hidden"])
        }

        #expect(lines[0].contains("shown"))
        #expect(lines[1].contains(#""iban":"[redacted]""#))
    }
}
