/// The keys that a file may have, by the section they stand in.
///
/// A list's section is named for its items.
struct KnownKeys {
    /// Sections by path; the outermost is the empty path.
    let sections: [String: [String]]

    /// Keys of a relay's file.
    static let relay = KnownKeys(sections: [
        "": [
            "admin_host", "tunnel_host", "listeners", "certificates", "secrets", "routes", "timeouts", "limits",
            "insecure_tunnel", "state", "loops", "ports", "usage", "metrics", "user", "log",
        ],
        "listeners": ["address", "fallback", "certificates", "proxy_protocol"],
        "certificates": ["directory", "entries", "default"],
        "certificates.entries": ["chain", "key"],
        "secrets": ["file", "kid", "algorithms", "domains", "ports"],
        "routes": ["host", "tls", "http", "balance", "upstream"],
        "timeouts": [
            "sniff", "handshake", "authenticate", "ping", "pong", "connect", "drain", "drain_idle", "grace", "answered",
            "gate",
            "quarantine",
            "stall", "hold", "probe", "rest", "token_leeway", "idle", "stream_idle",
        ],
        "limits": [
            "preface", "packet", "message", "frame", "stream_buffer", "resume_at", "tunnel_buffer", "memory",
            "connections", "connections_per_address", "tunnels", "streams_per_tunnel", "failures",
        ],
        "ports": ["pool", "reserved", "per_token", "address"],
        "usage": ["interval", "keep"],
        "metrics": ["address", "token"],
        "metrics.token": ["file"],
        "log": ["level", "format"],
    ])

    /// Keys of a client's file.
    static let agent = KnownKeys(sections: [
        "": ["relay", "token", "secret", "ca", "local", "resolve"],
        "token": ["file"],
        "secret": ["file"],
    ])

    /// Sections that are lists: what is inside has no path of its own.
    private static let lists: Set<String> = ["listeners", "secrets", "routes", "certificates.entries"]

    /// The paths that a variable may name, outermost key first.
    var paths: [[String]] {
        var paths: [[String]] = []
        for (section, keys) in self.sections where !Self.lists.contains(section) {
            let above = section.split(separator: ".").map(String.init)
            paths += keys.map { above + [$0] }
        }
        return paths
    }

    /// What an unknown key was probably meant to be.
    ///
    /// - Parameters:
    ///   - key: the key as it is written.
    ///   - section: where it is written.
    /// - Returns: the nearest key of the section, else the full path of the same key elsewhere, else nil.
    func nearest(to key: String, in section: String) -> String? {
        let word = key.lowercased().replacing("-", with: "_")
        if let near = Self.nearest(to: word, among: self.sections[section] ?? []) { return near }
        for (other, keys) in self.sections.sorted(by: { $0.key < $1.key }) where keys.contains(word) {
            return other.isEmpty ? word : "\(other).\(word)"
        }
        return nil
    }

    /// The word that a misspelt one was probably meant to be.
    ///
    /// - Parameters:
    ///   - word: the word as it is written.
    ///   - words: the words that are known.
    /// - Returns: the nearest, or nil where none is near: a third of the letters may be wrong, and one in any word.
    static func nearest(to word: String, among words: [String]) -> String? {
        let measured = words.map { (word: $0, distance: EditDistance.between(word, $0)) }
        guard let best = measured.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, max(word.count, best.word.count) / 3) ? best.word : nil
    }
}
