import EdgeTunnel
import EdgeTypes
import Testing

@Suite
struct HostilePacketTests {
    private static func outcome(
        _ wire: [UInt8],
        cutAt cuts: [Int]
    ) -> (packets: [PacketReader.Packet], error: TunnelError?) {
        var reader = PacketReader(limits: TunnelLimits(packet: ByteCount(500)))
        var start = 0
        do throws(TunnelError) {
            for cut in cuts + [wire.count] {
                try reader.feed(wire[start..<cut])
                start = cut
            }
        } catch {
            return (reader.packets, error)
        }
        return (reader.packets, nil)
    }

    @Test
    func changedBytesNeverTrapAndCutsChangeNothing() {
        var numbers = SeededNumbers(seed: 0xBAD)
        let headers = [
            "IPv4,127.0.0.1,4711,%,https", "IPv6,::ffff:10.0.0.1,1,%,connection,443,app.test,http",
            "tun,127.0.0.1,65535,%,,8443,app.test,\n", ",,,%,control", "IPv6,2001:db8::1,80,%,end,80,x",
        ]
        var breaches = 0
        for _ in 0..<4000 {
            var wire: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let count = Int.random(in: 0...60, using: &numbers)
                let header = (headers.randomElement(using: &numbers) ?? "").replacing("%", with: "\(count)")
                wire += rawPacket(header, [UInt8](repeating: 0x2C, count: count))
            }
            for _ in 0..<Int.random(in: 0...3, using: &numbers) {
                let octet =
                    Bool.random(using: &numbers)
                    ? UInt8.random(in: .min ... .max, using: &numbers)
                    : ",:.0-9 \n".utf8.randomElement(using: &numbers) ?? 0
                wire[Int.random(in: 0..<wire.count, using: &numbers)] = octet
            }
            let whole = Self.outcome(wire, cutAt: [])
            let cuts = (0..<4).map { _ in Int.random(in: 0...wire.count, using: &numbers) }.sorted()
            let cut = Self.outcome(wire, cutAt: cuts)
            #expect(cut.packets == whole.packets)
            #expect(cut.error == whole.error)
            if whole.error != nil { breaches += 1 }
        }
        #expect(breaches > 100, "the changes break nothing: the test is blind")
    }

    @Test
    func nonsenseNeverTraps() {
        var numbers = SeededNumbers(seed: 0xF00D)
        for _ in 0..<2000 {
            var wire: [UInt8] = [0xFE]
            for _ in 0..<Int.random(in: 0...300, using: &numbers) {
                wire.append(UInt8.random(in: .min ... .max, using: &numbers))
            }
            let whole = Self.outcome(wire, cutAt: [])
            let cut = Self.outcome(wire, cutAt: Array(1..<wire.count))
            #expect(cut.packets == whole.packets)
            #expect(cut.error == whole.error)
        }
    }
}
