/// Which named values a log does not show.
///
/// Names are compared by their words, so that `password` hides `userPassword`, `user_password` and `Password` alike,
/// and neither `passwords` nor `passwordless`. A hidden value is told as `[redacted]`.
///
///     static func configure(_ metrics: inout MetricsConfiguration) {
///         metrics.redaction = .standard.adding("iban", "birthDate")
///     }
///
/// It looks at the names of metadata; messages and what is nested in a value are written as they are. A
/// ``/Tally/Secret`` cannot be logged at all.
public struct LogRedaction: Sendable, Hashable {
    /// Passwords, secrets, tokens, cookies, credentials and the headers and keys that grant access.
    public static let standard = LogRedaction(words: []).adding(
        "password", "passwd", "passphrase", "secret", "token", "authorization", "cookie", "credential", "credentials",
        "apiKey", "accessKey", "privateKey", "signature")
    /// Nothing is hidden.
    public static let none = LogRedaction(words: [])

    /// The words of each name.
    private var words: Set<[String]>

    private init(words: Set<[String]>) {
        self.words = words
    }

    /// Hides further names.
    ///
    /// - Parameter names: In any of the usual ways to write several words as one.
    /// - Returns: What hides them as well.
    public func adding(_ names: String...) -> LogRedaction {
        LogRedaction(words: words.union(names.map(Self.words)))
    }

    /// Whether a name's value is not shown.
    func hides(_ name: String) -> Bool {
        guard !words.isEmpty else { return false }
        let parts = Self.words(of: name)
        return words.contains { hidden in
            parts.indices.contains { parts[$0...].starts(with: hidden) } && !hidden.isEmpty
        }
    }

    /// `accessKeyID`, `access_key_id` and `Access-Key-Id` are `access`, `key` and `id`.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: Character = " "
        for character in name {
            let isBorder = !(character.isLetter || character.isNumber)
            if isBorder || (character.isUppercase && !previous.isUppercase), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if !isBorder { word += character.lowercased() }
            previous = character
        }
        return word.isEmpty ? words : words + [word]
    }
}
