/// Why a listener cannot be opened.
package struct ListenerFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of reason, one token each.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Another process listens there.
        case addressInUse = "address_in_use"
        /// The process may not bind it.
        case noPermission = "no_permission"
        /// The address is none of this machine's.
        case notLocal = "not_local"
        /// The relay keeps it for something else.
        case reserved
        /// A listener is just being closed there: ask again.
        case closing
        /// The relay stops.
        case stopping
        /// The system refused for another reason.
        case failed
    }

    /// The kind of reason.
    package let reason: Reason
    /// The reason for an operator, with the mend where one is known.
    package let description: String

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - reason: the kind of reason.
    ///   - description: the reason for an operator.
    package init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
