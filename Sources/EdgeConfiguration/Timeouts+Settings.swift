extension Timeouts {
    /// Every key with what it is set to, as it is written.
    package var settings: [(key: String, setting: String)] {
        [
            ("sniff", self.sniff.setting), ("handshake", self.handshake.setting),
            ("authenticate", self.authenticate.setting), ("ping", self.ping.setting), ("pong", self.pong.setting),
            ("connect", self.connect.setting), ("drain", self.drain.setting),
            ("drain_idle", self.drainIdle.setting), ("grace", self.grace.setting),
            ("answered", self.answered.setting), ("gate", self.gate.setting), ("quarantine", self.quarantine.setting),
            ("stall", self.stall.setting),
            ("hold", self.hold.setting), ("probe", self.probe.setting), ("rest", self.rest.setting),
            ("token_leeway", self.tokenLeeway.setting), ("idle", self.idle.setting),
            ("stream_idle", self.streamIdle?.setting ?? "off"),
        ]
    }
}
