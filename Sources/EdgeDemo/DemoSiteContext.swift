import Hummingbird
import NIOCore

/// What the site knows of a request besides the request.
struct DemoSiteContext: RequestContext {
    /// What the router wants.
    var coreContext: CoreRequestContextStorage
    /// The connection, which a WebSocket ends by itself.
    let channel: any Channel

    init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.channel = source.channel
    }
}
