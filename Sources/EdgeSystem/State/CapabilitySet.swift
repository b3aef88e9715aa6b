/// A set of Linux capabilities (capabilities(7)), one bit each.
package struct CapabilitySet: OptionSet, Sendable, Hashable {
    /// The bits, lowest number first.
    package let rawValue: UInt64

    /// Creates a set.
    ///
    /// - Parameter rawValue: the bits, lowest number first.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Joins the two words that the kernel speaks in.
    ///
    /// - Parameters:
    ///   - low: capabilities 0 to 31.
    ///   - high: capabilities 32 to 63.
    package init(low: UInt32, high: UInt32) {
        self.rawValue = UInt64(high) << 32 | UInt64(low)
    }

    /// Capability 10, `CAP_NET_BIND_SERVICE`: binding ports below `net.ipv4.ip_unprivileged_port_start`.
    package static let netBindService = CapabilitySet(rawValue: 1 << 10)

    /// Capabilities 0 to 31.
    package var low: UInt32 { UInt32(truncatingIfNeeded: self.rawValue) }

    /// Capabilities 32 to 63.
    package var high: UInt32 { UInt32(truncatingIfNeeded: self.rawValue >> 32) }
}
