/// A channel that says at once what waits in it; asked after every write, which is no place for a lookup of options.
package protocol WriteBacklog: AnyObject {
    /// Bytes that were written and that the kernel has not taken.
    var backlog: Int { get }
    /// Whether the channel is closed, so that nothing is known of what it did not send.
    var isClosed: Bool { get }
}
