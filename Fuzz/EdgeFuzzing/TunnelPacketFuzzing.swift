import EdgeTunnel
import EdgeTypes

/// The unpacker of a tunnel's packets.
enum TunnelPacketFuzzing {
    /// Feeds bytes, whole and cut in two, and packs again what was found.
    ///
    /// - Parameter bytes: the first says where to cut.
    /// - Throws: the promise that was broken.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let first = bytes.first else { return }
        let packets = Array(bytes.dropFirst())
        let whole = try UnpackedTunnel(packets, cutAt: [])
        let parts = try UnpackedTunnel(packets, cutAt: [min(Int(first), packets.count)])
        try FuzzFinding.unless(parts == whole, "a cut changes the outcome")
        for header in whole.headers {
            guard let id = header.streamID else { continue }
            let label = TunnelLabel(
                id: id,
                service: header.extraService ?? header.service,
                servicePort: header.servicePort ?? 0,
                name: header.name.flatMap { Hostname($0) },
                fields: .seven
            )
            let packet = TunnelPacker.packet(label: label, service: header.service, body: [1, 2, 3])
            let again = try UnpackedTunnel(packet, cutAt: [])
            try FuzzFinding.unless(
                again.error == nil && again.headers.first?.streamID == id,
                "what is packed is not unpacked"
            )
            try FuzzFinding.unless(again.body == [1, 2, 3] && again.ends == [3], "a body is lost")
        }
    }
}
