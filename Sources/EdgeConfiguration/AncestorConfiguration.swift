import EdgeTypes

/// An ancestor's file (`rvpn: …`), said in today's keys.
///
/// Its keys are read without regard to case, as the ancestor read them, and those that it did not know are not used.
/// Values keep their places, so that an error points into the old file.
struct AncestorConfiguration {
    /// Who may sign, out of `domains`.
    private(set) var secrets: [SecretConfiguration] = []
    /// What each key became; one line each, no secret in any.
    private(set) var notes: [String] = []
    /// What cannot be understood.
    private(set) var errors: [ConfigurationError] = []
    /// The file in today's keys, without the secrets.
    private(set) var root: ConfigurationNode

    private let file: String

    /// Whether a file is an ancestor's: `rvpn` is its only key that counts.
    static func isAncestor(_ root: ConfigurationNode) -> Bool {
        guard let old = root.pair("rvpn", ignoringCase: true), case .mapping = old.value.content else { return false }
        return root.pair("admin_host") == nil && root.pair("tunnel_host") == nil
    }

    /// Translates a file.
    init(_ old: ConfigurationNode, file: String) {
        self.file = file
        self.root = ConfigurationNode(place: old.place, content: .mapping([]))
        guard case .mapping(let outer) = old.content else { return }
        for pair in outer where pair.key.lowercased() != "rvpn" {
            self.notes.append("\(pair.key) is not used")
        }
        guard let rvpn = old.pair("rvpn", ignoringCase: true)?.value else { return }
        self.put(["certificates", "entries"], Self.certificates(at: rvpn.place))
        self.notes.append("certs/fullchain.pem and certs/privkey.pem became certificates.entries")
        guard case .mapping(let pairs) = rvpn.content else { return }
        for pair in pairs { self.translate(pair, rvpn) }
    }

    private mutating func translate(_ pair: ConfigurationNode.Pair, _ rvpn: ConfigurationNode) {
        switch pair.key.lowercased() {
        case "servername":
            if rvpn.pair("admindomain", ignoringCase: true) == nil {
                self.move(pair, "rvpn.serverName", to: ["admin_host"])
            } else {
                self.notes.append("rvpn.serverName is not used: names are those of the certificates")
            }
        case "wssdomain":
            self.move(pair, "rvpn.wssdomain", to: ["tunnel_host"])
            self.move(pair, "rvpn.wssdomain", to: ["certificates", "default"])
        case "admindomain":
            self.move(pair, "rvpn.admindomain", to: ["admin_host"])
        case "genericlistener":
            self.listener(pair)
        case "deadtime":
            self.deadTime(pair.value)
        case "domains":
            self.domains(pair.value)
        case "loadbalancing":
            self.loadBalancing(pair.value)
        default:
            self.notes.append("rvpn.\(pair.key) is not used")
        }
    }

    private mutating func listener(_ pair: ConfigurationNode.Pair) {
        guard let text = pair.value.text, let port = UInt16(text) else {
            self.fail("rvpn.genericlistener must be a port", pair.value.place)
            return
        }
        let address = ConfigurationNode(place: pair.value.place, content: .scalar("[::]:\(port)"))
        self.put(["listeners"], ConfigurationNode(place: pair.value.place, content: .sequence([address])))
        self.notes.append("rvpn.genericlistener became listeners: [\"[::]:\(port)\"]")
    }

    private mutating func deadTime(_ node: ConfigurationNode) {
        guard case .mapping(let pairs) = node.content else { return }
        for pair in pairs {
            switch pair.key.lowercased() {
            case "idle":
                guard let text = pair.value.text, let seconds = UInt32(text) else {
                    self.fail("rvpn.deadtime.idle must be a number of seconds", pair.value.place)
                    continue
                }
                let value = ConfigurationNode(place: pair.value.place, content: .scalar("\(seconds)s"))
                self.put(["timeouts", "idle"], value)
                self.notes.append("rvpn.deadtime.idle became timeouts.idle: \(seconds)s")
            case "dwell":
                self.notes.append("rvpn.deadtime.dwell is not used: what is closed is forgotten at once")
            case "cancelcheck":
                self.notes.append("rvpn.deadtime.cancelcheck is not used: every wait has its own clock")
            default:
                self.notes.append("rvpn.deadtime.\(pair.key) is not used")
            }
        }
    }

    private mutating func domains(_ node: ConfigurationNode) {
        guard case .mapping(let pairs) = node.content else { return }
        for pair in pairs {
            guard let name = HostnamePattern(pair.key) else {
                self.fail("rvpn.domains: \"\(pair.key)\" is not a host name", pair.place)
                continue
            }
            guard let text = pair.value.pair("secret", ignoringCase: true)?.value.text, !text.isEmpty else {
                self.fail("rvpn.domains.\(pair.key) has no secret", pair.place)
                continue
            }
            let secret = Secret(text)
            // One token may grant names of several entries with the same secret, so they are one signer.
            if let index = self.secrets.firstIndex(where: { $0.inline == secret }) {
                self.secrets[index].domains.append(name)
            } else {
                self.secrets.append(SecretConfiguration(file: self.file, domains: [name], inline: secret))
            }
            self.notes.append("rvpn.domains.\(pair.key).secret became one of secrets, for domains: [\(name)]")
        }
    }

    private mutating func loadBalancing(_ node: ConfigurationNode) {
        guard case .mapping(let pairs) = node.content else { return }
        for pair in pairs {
            guard pair.key.lowercased() == "defaultmethod" else {
                self.notes.append("rvpn.loadbalancing.\(pair.key) is not used")
                continue
            }
            let method: String
            switch pair.value.text?.lowercased().filter({ $0.isLetter }) {
            case "roundrobin": method = "round_robin"
            case "leastconnections", "leastconnection": method = "least_connections"
            default:
                self.fail("rvpn.loadbalancing.defaultmethod is not known", pair.value.place, mend: "write round-robin")
                continue
            }
            let place = pair.value.place
            let route = ConfigurationNode(
                place: place,
                content: .mapping([
                    ConfigurationNode.Pair(key: "host", place: place, value: Self.scalar("*", place)),
                    ConfigurationNode.Pair(key: "balance", place: place, value: Self.scalar(method, place)),
                ])
            )
            self.put(["routes"], ConfigurationNode(place: place, content: .sequence([route])))
            self.notes.append("rvpn.loadbalancing.defaultmethod became routes: [{ host: \"*\", balance: \(method) }]")
        }
    }

    private mutating func move(_ pair: ConfigurationNode.Pair, _ old: String, to path: [String]) {
        self.put(path, pair.value)
        self.notes.append("\(old) became \(path.joined(separator: ".")): \(pair.value.text ?? "")")
    }

    private mutating func put(_ path: [String], _ value: ConfigurationNode) {
        self.root.set(path[...], to: value)
    }

    private mutating func fail(_ message: String, _ place: ConfigurationNode.Place, mend: String? = nil) {
        let line = place.line
        self.errors.append(
            ConfigurationError(file: place.file, line: line, column: place.column, message: message, mend: mend)
        )
    }

    private static func scalar(_ text: String, _ place: ConfigurationNode.Place) -> ConfigurationNode {
        ConfigurationNode(place: place, content: .scalar(text))
    }

    private static func certificates(at place: ConfigurationNode.Place) -> ConfigurationNode {
        let pair = ConfigurationNode(
            place: place,
            content: .mapping([
                ConfigurationNode.Pair(key: "chain", place: place, value: Self.scalar("certs/fullchain.pem", place)),
                ConfigurationNode.Pair(key: "key", place: place, value: Self.scalar("certs/privkey.pem", place)),
            ])
        )
        return ConfigurationNode(place: place, content: .sequence([pair]))
    }
}
