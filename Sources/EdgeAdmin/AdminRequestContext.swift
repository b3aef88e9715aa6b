import EdgeTypes
import Hummingbird
import Logging

/// What is known of a request besides its bytes.
struct AdminRequestContext: RequestContext {
    /// Where a context comes from: a connection.
    struct Source: RequestContextSource {
        let peer: PeerAddress
        let logger: Logger
    }

    /// What Hummingbird keeps.
    var coreContext: CoreRequestContextStorage
    /// Who sent the request.
    let peer: PeerAddress

    init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.peer = source.peer
    }
}
