package import NIOCore

/// What takes the place of a connection's first bytes: the head of a request that goes on changed.
package struct Preamble: Sendable {
    /// How many bytes of the connection are dropped.
    package var skip: Int
    /// What is sent in their place.
    package let replacement: ByteBuffer

    /// Creates a preamble.
    ///
    /// - Parameters:
    ///   - skip: how many bytes of the connection are dropped; nothing after them is read.
    ///   - replacement: what is sent in their place.
    package init(skip: Int, replacement: ByteBuffer) {
        self.skip = skip
        self.replacement = replacement
    }
}
