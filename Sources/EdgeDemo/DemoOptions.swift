/// What the demo is told on its command line.
package struct DemoOptions: Sendable {
    /// The folder that `certs/make` filled.
    package var certificates: String
    /// The relay's port for every protocol; 0 for any that is free.
    package var listen: UInt16
    /// The relay's port for plain HTTP; 0 for any that is free.
    package var plain: UInt16
    /// Shows lines to the person who started the demo, at once.
    package var show: @Sendable (String) -> Void

    /// Creates options.
    ///
    /// - Parameters:
    ///   - certificates: the folder that `certs/make` filled.
    ///   - listen: the relay's port for every protocol; 0 for any that is free.
    ///   - plain: the relay's port for plain HTTP; 0 for any that is free.
    ///   - show: shows lines, without a line feed at their end.
    package init(certificates: String, listen: UInt16, plain: UInt16, show: @escaping @Sendable (String) -> Void) {
        self.certificates = certificates
        self.listen = listen
        self.plain = plain
        self.show = show
    }
}
