import CSystemCalls
package import EdgeTypes
import Glibc

/// A bound and listening socket: its descriptor belongs to whoever holds this value, until ``Acceptor`` takes it over.
package struct ListeningSocket: Sendable {
    /// The descriptor: nonblocking, close-on-exec.
    package let descriptor: Int32
    /// Where it listens, with the real port where port 0 was asked for.
    package let endpoint: SocketEndpoint
    /// What every connection dials, where that is one address; nil for a socket that listens at every address.
    let dialled: PeerAddress?
    /// The file that was made for a Unix socket, which goes when the socket closes.
    private let file: SocketFile?

    /// Opens a socket and listens.
    ///
    /// `[::]` takes IPv4 as well, and means every IPv4 address on a machine without IPv6. A Unix socket's file that
    /// nothing listens at any more is replaced. An endpoint handed over by the service manager is looked up, and the
    /// first of its name is taken.
    ///
    /// - Parameters:
    ///   - endpoint: where to listen; a host name is resolved, which may wait for the resolver.
    ///   - options: how.
    /// - Returns: the listening socket.
    /// - Throws: ``SystemError`` with what an operator can do about it.
    package static func bind(
        _ endpoint: SocketEndpoint,
        options: ListenerOptions = ListenerOptions()
    ) throws(SystemError) -> ListeningSocket {
        switch endpoint {
        case .tcp(let host, let port):
            let addresses = try NetworkAddress.resolving(host)
            do throws(SystemError) {
                return try self.bind(tcp: SocketAddress(addresses.first, port: port), named: endpoint, options)
            } catch .failed(_, _, EAFNOSUPPORT) where addresses.first == NetworkAddress(high: 0, low: 0) {
                let every = SocketAddress(NetworkAddress(ipv4: 0), port: port)
                return try self.bind(tcp: every, named: endpoint, options)
            }
        case .unix(let path):
            return try self.bind(path: path, options)
        case .inherited(let name):
            let sockets = try self.inherited(name: name, options: options)
            for further in sockets.dropFirst() { further.close() }
            return sockets[0]
        }
    }

    /// Takes the listening sockets that the service manager handed over under a name.
    ///
    /// Each is a duplicate, so that a listener that was removed can be taken again after a reload.
    ///
    /// - Parameters:
    ///   - name: the name from `FileDescriptorName=`, or the socket unit's.
    ///   - options: keep-alive and deferred accept are set; the rest was decided by the service manager.
    /// - Returns: one socket or more.
    /// - Throws: ``SystemError/notInherited(name:offered:)`` when there is none.
    package static func inherited(
        name: String,
        options: ListenerOptions = ListenerOptions()
    ) throws(SystemError) -> [ListeningSocket] {
        let offered = ServiceManager.inheritedDescriptors()
        var sockets: [ListeningSocket] = []
        for entry in offered where entry.name == name {
            guard SocketOptions.get(SOL_SOCKET, SO_ACCEPTCONN, of: entry.descriptor) == 1 else { continue }
            do throws(SystemError) {
                sockets.append(try self.duplicate(entry, options))
            } catch {
                for taken in sockets { taken.close() }
                throw error
            }
        }
        guard !sockets.isEmpty else { throw .notInherited(name: name, offered: offered.map(\.name)) }
        return sockets
    }

    /// Stops listening, and takes away the file of a Unix socket if it is still this socket's.
    package func close() {
        self.file?.remove()
        _ = Glibc.close(self.descriptor)
    }

    private static func duplicate(
        _ entry: ServiceManager.InheritedDescriptor,
        _ options: ListenerOptions
    ) throws(SystemError) -> ListeningSocket {
        let endpoint = SocketEndpoint.inherited(name: entry.name)
        let descriptor = CSystemCalls_duplicate(entry.descriptor)
        guard descriptor >= 0 else {
            throw SystemError(code: errno, operation: "take over", subject: endpoint.description)
        }
        do throws(SystemError) {
            guard CSystemCalls_set_nonblocking(descriptor) == 0 else {
                throw SystemError(code: errno, operation: "take over", subject: endpoint.description)
            }
            let address = try SocketAddress(boundTo: descriptor)
            if address.family != AF_UNIX { try self.prepare(descriptor, options) }
            return ListeningSocket(descriptor: descriptor, endpoint: endpoint, dialled: address.dialled, file: nil)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    private static func bind(
        tcp address: SocketAddress,
        named endpoint: SocketEndpoint,
        _ options: ListenerOptions
    ) throws(SystemError) -> ListeningSocket {
        let subject = endpoint.description
        let descriptor = CSystemCalls_socket(address.family, Int32(SOCK_STREAM.rawValue), 1)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "listen on", subject: subject) }
        do throws(SystemError) {
            try SocketOptions.set(SOL_SOCKET, SO_REUSEADDR, 1, on: descriptor)
            if options.reusePort { try SocketOptions.set(SOL_SOCKET, SO_REUSEPORT, 1, on: descriptor) }
            if address.family == AF_INET6 {
                let only: Int32 = options.ipv6Only ? 1 : 0
                try SocketOptions.set(Int32(IPPROTO_IPV6), Int32(IPV6_V6ONLY), only, on: descriptor)
            }
            try self.prepare(descriptor, options)
            guard address.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
                if errno == EACCES { throw SystemError.portNeedsPrivilege(endpoint: subject) }
                throw SystemError(code: errno, operation: "listen on", subject: subject)
            }
            guard Glibc.listen(descriptor, options.backlog) == 0 else {
                throw SystemError(code: errno, operation: "listen on", subject: subject)
            }
            let bound = try SocketAddress(boundTo: descriptor)
            let host = bound.peer.address?.description ?? "::"
            return ListeningSocket(
                descriptor: descriptor,
                endpoint: .tcp(host: host, port: bound.peer.port),
                dialled: bound.dialled,
                file: nil
            )
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    private static func bind(path: String, _ options: ListenerOptions) throws(SystemError) -> ListeningSocket {
        let subject = SocketEndpoint.unix(path: path).description
        let address = try SocketAddress(path: path)
        try SocketFile.removeStale(path, address)
        let descriptor = CSystemCalls_socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 1)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "listen on", subject: subject) }
        let bound = address.withPointer { Glibc.bind(descriptor, $0, $1) } == 0
        // The mode is set before listening: until then every connection is refused, whatever the mode.
        let isListening =
            bound && (path.hasPrefix("@") || chmod(path, options.mode) == 0)
            && Glibc.listen(descriptor, options.backlog) == 0
        guard isListening else {
            let error = SystemError(code: errno, operation: "listen on", subject: subject)
            _ = Glibc.close(descriptor)
            if bound { _ = unlink(path) }
            throw error
        }
        return ListeningSocket(
            descriptor: descriptor,
            endpoint: .unix(path: path),
            dialled: .local,
            file: SocketFile(path: path)
        )
    }

    /// Sets what accepted sockets take over from the listening one, which saves system calls for each connection.
    private static func prepare(_ descriptor: Int32, _ options: ListenerOptions) throws(SystemError) {
        try SocketOptions.setNoDelay(true, on: descriptor)
        try SocketOptions.setKeepAlive(options.keepAlive, on: descriptor)
        // The kernel waits at least this many seconds for first bytes: as long as an acceptor would by default.
        try SocketOptions.set(Int32(IPPROTO_TCP), TCP_DEFER_ACCEPT, options.deferAccept ? 10 : 0, on: descriptor)
    }
}

extension SocketAddress {
    /// The one address that is dialled at a socket bound here; nil when it is bound to every address.
    fileprivate var dialled: PeerAddress? {
        let peer = self.peer
        guard let address = peer.address else { return .local }
        return address.high == 0 && address.low == 0 ? nil : peer
    }
}
