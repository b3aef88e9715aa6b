/// What a token says, once it is known who said it.
package struct VerifiedToken: Sendable, Hashable {
    /// What the token says.
    package let claims: TokenClaims
    /// Which key signed it: ``SigningKey/id``.
    ///
    /// Two tokens of one key belong to one holder.
    package let keyID: String
}
