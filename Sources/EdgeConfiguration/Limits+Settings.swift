extension Limits {
    /// Every key with what it is set to, as it is written.
    package var settings: [(key: String, setting: String)] {
        [
            ("preface", "\(self.preface)"), ("packet", "\(self.packet)"), ("message", "\(self.message)"),
            ("frame", "\(self.frame)"), ("stream_buffer", "\(self.streamBuffer)"), ("resume_at", "\(self.resumeAt)"),
            ("tunnel_buffer", "\(self.tunnelBuffer)"), ("memory", "\(self.memory)"),
            ("connections", "\(self.connections)"), ("connections_per_address", "\(self.connectionsPerAddress)"),
            ("tunnels", "\(self.tunnels)"), ("streams_per_tunnel", "\(self.streamsPerTunnel)"),
            ("failures", "\(self.failures)"),
        ]
    }
}
