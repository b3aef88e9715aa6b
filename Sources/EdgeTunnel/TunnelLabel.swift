package import EdgeTypes

/// A stream's own part of every header that is sent for it, written once.
///
///     "IPv4,192.0.2.1,4711,"  body length  ",https,443,app.example.com"
///
/// A header has at most 255 bytes. Where a name makes the longest possible one longer than that, the name is left
/// empty in all of the stream's headers: the receiver still has the port, and the bytes themselves hold the name.
package struct TunnelLabel: Sendable, Hashable {
    /// How many fields headers have; a client generation reads the one or the other.
    package enum FieldCount: Int, Sendable, Hashable {
        /// Up to the service.
        case five = 5
        /// Up to the name.
        case seven = 7
    }

    /// The longest header, in bytes: its length is one byte.
    static let maximumLength = 255
    /// The most digits that a body's length has: bodies end below ten gigabytes.
    static let maximumDigits = 10

    /// What stands before the body's length.
    let prefix: [UInt8]
    /// What stands behind the body's length in a packet of data.
    let dataSuffix: [UInt8]
    /// What stands behind the service.
    let fields: [UInt8]
    /// The word of the stream's data, for the eighth field of `connection`.
    let dataService: TunnelService
    /// How many fields headers have.
    let fieldCount: FieldCount

    /// Writes a label.
    ///
    /// - Parameters:
    ///   - id: the stream.
    ///   - service: what its packets of data are called.
    ///   - servicePort: the port that the visitor dialled.
    ///   - name: the name that the visitor asked for.
    ///   - fields: how many fields the receiver reads.
    package init(id: StreamID, service: TunnelService, servicePort: UInt16, name: Hostname?, fields: FieldCount) {
        let address = id.address.description
        let prefix = Array((id.address.isIPv4 ? "IPv4," : "IPv6,").utf8) + Array("\(address),\(id.port),".utf8)
        var suffix: [UInt8] = []
        if fields == .seven {
            suffix = Array(",\(servicePort),".utf8)
            let longest =
                prefix.count + Self.maximumDigits + 1 + TunnelService.connection.word.utf8CodeUnitCount
                + suffix.count + 1 + service.word.utf8CodeUnitCount
            if let name, longest + name.text.utf8.count <= Self.maximumLength { suffix += Array(name.text.utf8) }
        }
        self.prefix = prefix
        self.fields = suffix
        self.dataSuffix = Array(",\(service.word)".utf8) + suffix
        self.dataService = service
        self.fieldCount = fields
    }

    /// What stands behind the body's length in a packet.
    ///
    /// - Parameter service: what the packet is for; data is called what the label says.
    /// - Returns: the rest of the header, its first comma included.
    func suffix(for service: TunnelService) -> [UInt8] {
        switch service {
        case .http, .https, .tls, .ssh, .tcp, .data, .other:
            self.dataSuffix
        case .end, .error, .pause, .resume, .control:
            Array(",\(service.word)".utf8) + self.fields
        case .connection:
            switch self.fieldCount {
            case .five: Array(",\(service.word)".utf8)
            case .seven: Array(",\(service.word)".utf8) + self.fields + Array(",\(self.dataService.word)".utf8)
            }
        }
    }
}
