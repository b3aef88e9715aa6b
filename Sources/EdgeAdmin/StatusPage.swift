import EdgeMetering
import EdgeTypes

/// The status as a page that is whole without a script.
struct StatusPage {
    /// A certificate that expires sooner is marked: two weeks leave time to renew it by hand.
    static let expiryWarningSeconds = 14 * 86_400

    /// What the page shows.
    let status: RelayStatus

    /// The instant that the status is of, in Unix seconds.
    var now: Int { self.status.started + self.status.uptimeSeconds }

    /// What stands in the page's body.
    var content: HTML {
        """
        <header>
        <h1>RVPN relay</h1>
        \(self.ready)
        <span class="spacer"></span>
        <span class="live" id="live">as of \(HTTPDate.readable(unixSeconds: self.now))</span>
        </header>
        <main>
        \(self.tiles)
        \(self.connections.html)
        \(self.tunnels.html)
        <div class="pair">
        \(self.names.html)
        \(self.listeners.html)
        </div>
        \(self.certificates.html)
        </main>
        \(self.footer)
        """
    }

    private var ready: HTML {
        self.status.ready
            ? #"<span class="badge good" id="field-ready">ready</span>"#
            : #"<span class="badge warn" id="field-ready">not ready</span>"#
    }

    private var tiles: HTML {
        let visitors = self.status.totals.visitors
        return HTML([
            #"<dl class="tiles">"#,
            self.tile("Uptime", "uptime", ReadableText.duration(seconds: self.status.uptimeSeconds)),
            self.tile("Tunnels", "tunnels", String(self.status.tunnelCount)),
            self.tile("Open connections", "open", String(self.status.totals.openConnections)),
            self.tile("Visitors so far", "visitors", String(visitors.connections)),
            self.tile("From visitors", "received", ReadableText.bytes(visitors.raw.received), hasRate: true),
            self.tile("To visitors", "sent", ReadableText.bytes(visitors.raw.sent), hasRate: true),
            "</dl>",
        ])
    }

    private func tile(_ title: String, _ field: String, _ value: String, hasRate: Bool = false) -> HTML {
        let rate: HTML = hasRate ? #"<dd class="rate" id="field-\#(field)-rate"></dd>"# : ""
        return #"<div class="tile"><dt>\#(title)</dt><dd id="field-\#(field)">\#(value)</dd>\#(rate)</div>"#
    }

    private var footer: HTML {
        """
        <footer>
        RVPN <span id="field-version">\(self.status.version)</span> ·
        <span id="field-openssl">\(self.status.openSSLVersion)</span> ·
        Swift <span id="field-swift">\(self.status.swiftVersion)</span> ·
        started \(HTTPDate.readable(unixSeconds: self.status.started)) ·
        <a href="/status.json">as JSON</a>
        </footer>
        """
    }
}
