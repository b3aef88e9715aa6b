import EdgeTypes

extension NodeReader {
    /// What a wait may be: less than a millisecond is no time, and more than a day is a mistake.
    private static let wait = Duration.milliseconds(1)...Duration.seconds(86_400)
    /// What a wait may be that may also be none.
    private static let waitOrNone = Duration.zero...Duration.seconds(86_400)
    /// What silence may be: connections may live for weeks.
    private static let silence = Duration.milliseconds(1)...Duration.seconds(86_400 * 365)

    /// Reads `timeouts`.
    mutating func timeouts(_ node: ConfigurationNode) -> Timeouts {
        var timeouts = Timeouts()
        guard let section = self.section(node, "timeouts") else { return timeouts }
        let waits: [(String, WritableKeyPath<Timeouts, Duration>, ClosedRange<Duration>)] = [
            ("sniff", \.sniff, Self.wait), ("handshake", \.handshake, Self.wait),
            ("authenticate", \.authenticate, Self.wait), ("ping", \.ping, Self.wait), ("pong", \.pong, Self.wait),
            ("connect", \.connect, Self.wait), ("drain", \.drain, Self.waitOrNone),
            ("drain_idle", \.drainIdle, Self.wait), ("grace", \.grace, Self.waitOrNone),
            ("answered", \.answered, Self.wait), ("gate", \.gate, Self.waitOrNone),
            ("quarantine", \.quarantine, Self.waitOrNone), ("stall", \.stall, Self.wait),
            ("hold", \.hold, Self.wait), ("probe", \.probe, Self.wait), ("rest", \.rest, Self.waitOrNone),
            ("token_leeway", \.tokenLeeway, Self.waitOrNone), ("idle", \.idle, Self.silence),
        ]
        for (key, path, range) in waits {
            guard let written = section[key] else { continue }
            if written.text == "off" {
                self.fail("timeouts.\(key) cannot be off", at: written.place, mend: "only stream_idle can")
            } else if let duration = self.duration(written, "timeouts.\(key)", range) {
                timeouts[keyPath: path] = duration
            }
        }
        if let written = section["stream_idle"], written.text != "off" {
            timeouts.streamIdle = self.duration(written, "timeouts.stream_idle", Self.silence)
        }
        return timeouts
    }

    /// Reads `limits`.
    mutating func limits(_ node: ConfigurationNode) -> Limits {
        var limits = Limits()
        guard let section = self.section(node, "limits") else { return limits }
        // The least of each is what one ordinary greeting, record or packet needs; the most is what a mistake exceeds.
        let buffers = ByteCount.kibibytes(4)...ByteCount.mebibytes(1 << 20)
        let sizes: [(String, WritableKeyPath<Limits, ByteCount>, ClosedRange<ByteCount>)] = [
            ("preface", \.preface, ByteCount.kibibytes(1)...Limits.largestPreface),
            ("packet", \.packet, ByteCount.kibibytes(4)...ByteCount.mebibytes(1024)),
            ("message", \.message, ByteCount.kibibytes(4)...ByteCount.mebibytes(1024)),
            ("frame", \.frame, ByteCount.kibibytes(1)...ByteCount.mebibytes(16)),
            ("stream_buffer", \.streamBuffer, buffers), ("resume_at", \.resumeAt, ByteCount(0)...buffers.upperBound),
            ("tunnel_buffer", \.tunnelBuffer, buffers), ("memory", \.memory, buffers),
        ]
        for (key, path, range) in sizes {
            guard let written = section[key] else { continue }
            if let count = self.bytes(written, "limits.\(key)", range) { limits[keyPath: path] = count }
        }
        let counts: [(String, WritableKeyPath<Limits, Int>)] = [
            ("connections", \.connections), ("connections_per_address", \.connectionsPerAddress),
            ("tunnels", \.tunnels), ("streams_per_tunnel", \.streamsPerTunnel),
        ]
        for (key, path) in counts {
            guard let written = section[key] else { continue }
            if let count = self.count(written, "limits.\(key)", 1...100_000_000) { limits[keyPath: path] = count }
        }
        if let written = section["failures"], let count = self.count(written, "limits.failures", 0...1_000_000) {
            limits.failures = count
        }
        if let written = section["resume_at"] {
            if limits.resumeAt >= limits.streamBuffer {
                let message = "limits.resume_at must be less than stream_buffer (\(limits.streamBuffer))"
                self.fail(message, at: written.place, mend: "a quarter of it is usual")
            }
        } else {
            limits.resumeAt = min(limits.resumeAt, ByteCount(limits.streamBuffer.bytes / 4))
        }
        if limits.tunnelBuffer < limits.streamBuffer {
            let message = "limits.tunnel_buffer (\(limits.tunnelBuffer)) is less than stream_buffer"
            let place = (section["tunnel_buffer"] ?? section["stream_buffer"])?.place ?? section.place
            self.fail("\(message) (\(limits.streamBuffer))", at: place, mend: "one stream must fit into its tunnel")
        }
        return limits
    }

    /// Reads `ports`.
    mutating func ports(_ node: ConfigurationNode) -> PortConfiguration {
        var ports = PortConfiguration()
        guard let section = self.section(node, "ports") else { return ports }
        if let pool = section["pool"].flatMap({ self.portRange($0, "ports.pool") }) { ports.pool = pool }
        ports.reserved = (section["reserved"].map { self.list($0) } ?? [])
            .compactMap { self.portRange($0, "ports.reserved") }
        if let most = section["per_token"].flatMap({ self.count($0, "ports.per_token", 0...65_535) }) {
            ports.perToken = most
        }
        if let written = section["address"], let text = self.text(written, "ports.address") {
            ports.address = NetworkAddress(text)
            if ports.address == nil {
                let mend = "write an address such as 192.0.2.1 or ::"
                self.fail("ports.address: \"\(text)\" is no address", at: written.place, mend: mend)
            }
        }
        return ports
    }

    /// Reads one port or a range of them.
    mutating func portRange(_ node: ConfigurationNode, _ label: String) -> ClosedRange<UInt16>? {
        guard let text = self.text(node, label) else { return nil }
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
        guard let first = parts.first.flatMap({ $0 }), let last = parts.last.flatMap({ $0 }), first > 0, first <= last
        else {
            let mend = "write 20000-29999, or one port"
            self.fail("\(label): \"\(text)\" is not a range of ports", at: node.place, mend: mend)
            return nil
        }
        return first...last
    }

    /// Reads `log`.
    mutating func log(_ node: ConfigurationNode) -> LogConfiguration {
        var log = LogConfiguration()
        guard let section = self.section(node, "log") else { return log }
        if let level = section["level"].flatMap({ self.choice($0, "log.level", LogConfiguration.Level.self) }) {
            log.level = level
        }
        if let format = section["format"].flatMap({ self.choice($0, "log.format", LogConfiguration.Format.self) }) {
            log.format = format
        }
        return log
    }
}
