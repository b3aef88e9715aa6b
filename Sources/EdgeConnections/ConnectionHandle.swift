package import EdgeTypes

/// The one verb that the table may say to a connection.
package protocol ConnectionHandle: AnyObject, Sendable {
    /// Closes the connection; may be called from any thread, more than once, and after the connection has ended.
    ///
    /// - Parameter reason: why.
    func close(_ reason: CloseReason)
}
