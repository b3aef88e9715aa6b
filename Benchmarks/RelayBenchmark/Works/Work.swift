/// Measures that are taken from one start of a peer.
struct Work {
    /// Its name on the command line and in the table.
    let name: String
    /// Whether the peer is started afresh for every measure: freed memory is rarely given back.
    var startsAfresh = false
    /// What is measured.
    let measures: [Measure]

    /// All works, in the order of the table.
    ///
    /// - Parameters:
    ///   - seconds: how long a timed window is.
    ///   - idle: how many idle connections there are.
    ///   - settle: how long memory settles, in seconds.
    /// - Returns: the works.
    static func all(seconds: Double, idle: Int, settle: Double) -> [Work] {
        let shape = Shape(seconds: seconds, idle: idle, settle: settle)
        return [
            Work(name: "tunnel-bulk", measures: shape.bulk(.tunnel, tls: true) + shape.bulk(.tunnel, tls: false)),
            Work(
                name: "tunnel-requests",
                measures: [
                    shape.requests(.tunnel, tls: true, 1), shape.requests(.tunnel, tls: true, 32),
                    shape.requests(.tunnel, tls: false, 32),
                ]
            ),
            Work(
                name: "tunnel-connections",
                measures: [shape.connections(.tunnel, tls: true), shape.connections(.tunnel, tls: false)]
            ),
            Work(
                name: "edge-handshakes",
                measures: [shape.handshakes(resumed: false), shape.handshakes(resumed: true)]
            ),
            Work(name: "edge-bulk", measures: shape.bulk(.edge, tls: true)),
            Work(
                name: "edge-requests",
                measures: [
                    shape.requests(.edge, tls: true, 1), shape.requests(.edge, tls: true, 32),
                    shape.connections(.edge, tls: true),
                ]
            ),
            Work(
                name: "pass-through",
                measures: shape.bulk(.passThrough, tls: true) + [
                    shape.requests(.passThrough, tls: true, 32), shape.connections(.passThrough, tls: true),
                ]
            ),
            Work(
                name: "idle-memory",
                startsAfresh: true,
                measures: [shape.tunnels]
                    + [Measure.Way.tunnel, .edge, .passThrough].flatMap { way in
                        [shape.idle(way, answer: 1 << 10), shape.idle(way, answer: 1 << 20)]
                    }
            ),
        ]
    }

    /// What the measures have in common.
    private struct Shape {
        let seconds: Double
        let idle: Int
        let settle: Double

        func bulk(_ way: Measure.Way, tls: Bool) -> [Measure] {
            [LoadPlan.Kind.download, .upload].map { kind in
                let name = "\(self.protocol(way, tls))\(kind)"
                return Measure(name: name, unit: .secondsPerGiB, way: way, plan: self.plan(kind, tls, 1))
            }
        }

        func requests(_ way: Measure.Way, tls: Bool, _ count: Int) -> Measure {
            let name = "\(self.protocol(way, tls))1 KiB GET, \(count) kept"
            return Measure(name: name, unit: .microsecondsPerRequest, way: way, plan: self.plan(.requests, tls, count))
        }

        func connections(_ way: Measure.Way, tls: Bool) -> Measure {
            var plan = self.plan(.requests, tls, 16)
            plan.closes = true
            let name = "\(self.protocol(way, tls))connect, 1 KiB GET, close"
            return Measure(name: name, unit: .microsecondsPerConnection, way: way, plan: plan)
        }

        func handshakes(resumed: Bool) -> Measure {
            var plan = self.plan(.handshakes, true, 16)
            plan.resumes = resumed
            let name = resumed ? "ECDSA P-256 resumed" : "ECDSA P-256 full"
            return Measure(name: name, unit: .microsecondsPerHandshake, way: .edge, plan: plan)
        }

        func idle(_ way: Measure.Way, answer: Int) -> Measure {
            let who =
                switch way {
                case .tunnel: "tunnel visitor"
                case .edge: "edge visitor"
                case .tunnelHost, .passThrough: "passed-through visitor"
                }
            var plan = self.plan(.idle, true, self.idle)
            plan.answer = answer
            let name = answer < 1 << 20 ? who : "\(who) after 1 MiB"
            return Measure(name: name, unit: .kibibytesPerConnection, way: way, plan: plan)
        }

        var tunnels: Measure {
            Measure(
                name: "idle tunnel",
                unit: .kibibytesPerConnection,
                way: .tunnelHost,
                plan: self.plan(.tunnels, true, self.idle)
            )
        }

        private func `protocol`(_ way: Measure.Way, _ tls: Bool) -> String {
            way == .tunnel ? (tls ? "TLS " : "HTTP ") : ""
        }

        /// Port and name are the peer's to say.
        private func plan(_ kind: LoadPlan.Kind, _ tls: Bool, _ connections: Int) -> LoadPlan {
            var plan = LoadPlan(kind: kind, port: 0, name: "", tls: tls)
            plan.connections = connections
            plan.seconds = self.seconds
            plan.settle = self.settle
            plan.limit = self.seconds + 40
            return plan
        }
    }
}
