/// Whom a client without a token claims to act for: the object of `auth`.
package struct AuthenticationRequest: Sendable, Hashable {
    /// Who, in words of the scheme.
    package let subject: String
    /// Which kind of word the subject is, such as `mailto`.
    package let subjectScheme: String
    /// What is asked for.
    package let scope: String
    /// The one-time password; empty where the client has none yet.
    package let oneTimePassword: AccessToken
    /// The client's machine.
    package let hostname: String

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - subject: who, in words of the scheme.
    ///   - subjectScheme: which kind of word the subject is.
    ///   - scope: what is asked for.
    ///   - oneTimePassword: the one-time password.
    ///   - hostname: the client's machine.
    package init(
        subject: String = "",
        subjectScheme: String = "",
        scope: String = "",
        oneTimePassword: AccessToken = AccessToken(""),
        hostname: String = ""
    ) {
        self.subject = subject
        self.subjectScheme = subjectScheme
        self.scope = scope
        self.oneTimePassword = oneTimePassword
        self.hostname = hostname
    }
}

extension AuthenticationRequest: Decodable {
    enum Key: String, CodingKey {
        case subject
        case subjectScheme = "subject_scheme"
        case scope
        case oneTimePassword = "otp"
        case hostname
    }

    /// Reads the object; what is missing or of another kind is empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) -> String { (try? container.decode(String.self, forKey: key)) ?? "" }
        self.init(
            subject: text(.subject),
            subjectScheme: text(.subjectScheme),
            scope: text(.scope),
            oneTimePassword: AccessToken(text(.oneTimePassword)),
            hostname: text(.hostname)
        )
    }
}
