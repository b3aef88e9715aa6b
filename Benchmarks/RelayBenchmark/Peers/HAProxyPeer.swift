import EdgeTestKit

/// HAProxy, for what it can do: end TLS, and pass it through by name.
struct HAProxyPeer: Peer {
    let name = "haproxy"
    let ways: Set<Measure.Way> = [.edge, .passThrough]
    /// The program.
    let program: String
    /// What is shared.
    let lab: Lab

    func start(needsClient: Bool) throws -> RunningPeer {
        let ports = try Loopback.freePorts(2)
        let path = try self.lab.folder.write("haproxy.cfg", self.configuration(edge: ports[0], passThrough: ports[1]))
        let process = try Lab.start([self.program, "-db", "-f", path])
        try Lab.wait(for: ports, of: process)
        return RunningPeer(process: process, beside: [], ports: [.edge: ports[0], .passThrough: ports[1]])
    }

    private func configuration(edge: UInt16, passThrough: UInt16) -> String {
        """
        global
            nbthread \(self.lab.loops)
            maxconn \(self.lab.mostConnections)
            ssl-default-bind-options ssl-min-ver TLSv1.3
            ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256
            ssl-default-bind-curves X25519
        defaults
            mode http
            timeout connect 5s
            timeout client 120s
            timeout server 120s
        frontend edge
            bind 127.0.0.1:\(edge) ssl crt \(self.lab.bundle) alpn http/1.1
            default_backend plain
        backend plain
            server one 127.0.0.1:\(self.lab.plainPort)
        frontend pass
            mode tcp
            bind 127.0.0.1:\(passThrough)
            tcp-request inspect-delay 5s
            tcp-request content accept if { req.ssl_hello_type 1 }
            use_backend secure if { req.ssl_sni -i \(Lab.passThroughName) }
        backend secure
            mode tcp
            server one 127.0.0.1:\(self.lab.securePort)

        """
    }
}
