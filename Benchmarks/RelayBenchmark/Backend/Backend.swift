import CSystemCalls
import EdgeOpenSSL
import Glibc

/// What stands behind relay and proxies: plain HTTP on one port, HTTPS on another; one thread.
struct Backend {
    private let context: TLSContext
    private let plain: (descriptor: Int32, port: UInt16)
    private let secure: (descriptor: Int32, port: UInt16)
    private let scratch = Scratch()
    private let queue = ReadyQueue()
    private var exchanges: [Int32: Exchange] = [:]

    /// Binds both ports.
    ///
    /// - Parameters:
    ///   - chain: the certificate, PEM.
    ///   - key: its key, PEM.
    /// - Throws: where that cannot be.
    init(chain: [UInt8], key: [UInt8]) throws {
        let pair = KeyPair(chainPEM: chain, keyPEM: key)
        self.context = try TLSContext(serving: [pair], applicationProtocols: ["http/1.1"], ticketKey: nil)
        self.plain = try Loopback.listen()
        self.secure = try Loopback.listen()
    }

    /// The two ports, as the comparison reads them.
    var announcement: String { "\(self.plain.port) \(self.secure.port)" }

    /// Serves until the process is ended.
    mutating func run() {
        signal(SIGPIPE, SIG_IGN)
        for listener in [self.plain, self.secure] {
            self.queue.watch(listener.descriptor, token: Int(listener.descriptor), isNew: true, writable: false)
        }
        while true {
            for number in 0..<self.queue.wait(milliseconds: -1) {
                let descriptor = Int32(self.queue.token(number))
                if descriptor == self.plain.descriptor || descriptor == self.secure.descriptor {
                    self.accept(descriptor)
                } else if let exchange = self.exchanges[descriptor] {
                    self.proceed(exchange)
                }
            }
        }
    }

    private mutating func accept(_ listener: Int32) {
        while true {
            let descriptor = CSystemCalls_accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            let tls = listener == self.secure.descriptor ? try? TLSConnection(accepting: self.context) : nil
            self.exchanges[descriptor] = Exchange(
                Line(descriptor, tls: tls, scratch: self.scratch),
                scratch: self.scratch
            )
            self.queue.watch(descriptor, token: Int(descriptor), isNew: true, writable: false)
        }
    }

    private mutating func proceed(_ exchange: Exchange) {
        let descriptor = exchange.line.descriptor
        guard exchange.proceed() else {
            self.exchanges[descriptor] = nil
            return
        }
        guard exchange.wantsRoom != exchange.waitsForRoom else { return }
        exchange.waitsForRoom.toggle()
        self.queue.watch(descriptor, token: Int(descriptor), isNew: false, writable: exchange.waitsForRoom)
    }
}
