/// How long the relay waits for what.
package struct Timeouts: Sendable, Hashable {
    /// `sniff`: from the accept to first bytes that tell where the connection goes; 10 s.
    package var sniff: Duration = .seconds(10)
    /// `handshake`: from the first bytes of TLS that ends here to its completion; 10 s.
    package var handshake: Duration = .seconds(10)
    /// `authenticate`: from the upgrade to the first token, where the request carried none; 10 s.
    package var authenticate: Duration = .seconds(10)
    /// `ping`: between two pings to a silent client; 15 s, as routers forget silent connections after 30 s and more.
    package var ping: Duration = .seconds(15)
    /// `pong`: from a ping to any sign of life; 20 s.
    package var pong: Duration = .seconds(20)
    /// `connect`: from a dial to an upstream to the connection; 5 s.
    package var connect: Duration = .seconds(5)
    /// `drain`: from the order to stop to the end of the last stream; 30 s.
    package var drain: Duration = .seconds(30)
    /// `drain_idle`: a stream that moved nothing for so long, and whose visitor waits for no answer, is not waited for; 5 s.
    package var drainIdle: Duration = .seconds(5)
    /// `grace`: how long the public ports of a lost tunnel are kept for its return, and how long a client that ends a stream
    /// as a whole may answer after the visitor ended its half; 30 s.
    package var grace: Duration = .seconds(30)
    /// `answered`: how long nothing more may come of an answer that has begun, after the visitor ended its half; 10 s, and
    /// `grace` at most.
    package var answered: Duration = .seconds(10)
    /// `gate`: how long a new stream's first bytes wait for the client's answer; 100 ms.
    package var gate: Duration = .milliseconds(100)
    /// `quarantine`: how long the identity of a closed stream is not used again; 5 s.
    package var quarantine: Duration = .seconds(5)
    /// `stall`: how long a visitor that reads nothing may hold up the tunnel's other streams; 60 s.
    package var stall: Duration = .seconds(60)
    /// `hold`: how long a visitor that takes nothing at all may hold up others of a client that cannot pause; 1 s.
    package var hold: Duration = .seconds(1)
    /// `probe`: how long a tunnel that is in doubt may be silent after a ping before it gets no visitors; 3 s.
    package var probe: Duration = .seconds(3)
    /// `rest`: how long a tunnel that failed `limits.failures` visitors in a row gets none, then one; 10 s.
    package var rest: Duration = .seconds(10)
    /// `token_leeway`: how far a client's clock may be off; 30 s.
    package var tokenLeeway: Duration = .seconds(30)
    /// `idle`: how long a connection that was not routed, or HTTP that the relay keeps alive, may be silent; 5 min.
    package var idle: Duration = .seconds(300)
    /// `stream_idle`: how long a routed stream may be silent; nil, the default, is for ever.
    package var streamIdle: Duration?

    /// Creates the defaults.
    package init() {}
}
