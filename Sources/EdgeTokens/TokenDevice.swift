/// The machine that a token was made for.
///
/// Its id tells a newcomer from its own ghost.
package struct TokenDevice: Sendable, Hashable {
    /// What tells the machine from others, exactly as written.
    package let id: String?
    /// What people call the machine, in lower case.
    package let hostname: String?

    /// Creates a device.
    ///
    /// - Parameters:
    ///   - id: what tells the machine from others.
    ///   - hostname: what people call it.
    package init(id: String?, hostname: String?) {
        self.id = id
        self.hostname = hostname?.lowercased()
    }
}
