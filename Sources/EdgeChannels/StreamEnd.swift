package import EdgeTypes
package import NIOCore

/// What a carrier needs of the other side of a stream: a visitor's channel, or a local service's.
///
/// Every call happens on the carrier's loop. Its conformers are classes, so that a carrier holds a reference and a table of
/// functions: nothing is boxed, and a call is a jump. A carrier that was generic over its ends cost 3 % more a request.
package protocol StreamEnd: AnyObject {
    /// Bytes that the peer's socket has taken so far; nil where that is not known on this loop.
    var taken: Int? { get }

    /// Takes bytes for the peer without sending them yet.
    ///
    /// - Parameter bytes: a slice of the carrier's buffer.
    func deliver(_ bytes: ByteBuffer)

    /// Sends what was delivered.
    func flush()

    /// Says that nothing more will be delivered: the peer's input ends after what waits.
    func endOutput()

    /// Ends both directions: what was delivered still reaches the peer, then the channel closes.
    ///
    /// - Parameter reason: why.
    func finish(_ reason: CloseReason)

    /// Closes at once with a reset; what waits is lost.
    ///
    /// - Parameter reason: why.
    func reset(_ reason: CloseReason)

    /// Lets reading go on, after the carrier had refused input.
    func resumeReading()
}
