import CSystemCalls
package import EdgeTypes
import Glibc

extension NetworkAddress {
    /// The addresses of a host, as the system's resolver gives them; blocks until it does, or gives up.
    ///
    /// - Parameter host: a name, or an address, which asks nobody.
    /// - Returns: at least one address, the preferred first.
    /// - Throws: ``SystemError/hostNotFound(host:reason:)``.
    package static func addresses(of host: String) throws(SystemError) -> [NetworkAddress] {
        let found = try self.resolving(host)
        return [found.first] + found.others
    }

    /// The first address of a host and the others after it.
    ///
    /// Text that is an address asks no resolver.
    static func resolving(_ host: String) throws(SystemError) -> (first: NetworkAddress, others: [NetworkAddress]) {
        if let address = NetworkAddress(host) { return (address, []) }
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard result == 0 else { throw .hostNotFound(host: host, reason: String(cString: gai_strerror(result))) }
        var addresses: [NetworkAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let pointer = entry.ai_addr {
                let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(entry.ai_addrlen))
                if let address = SocketAddress.peer(bytes).address { addresses.append(address) }
            }
            next = entry.ai_next
        }
        guard let first = addresses.first else { throw .hostNotFound(host: host, reason: "no address in the answer") }
        return (first, Array(addresses.dropFirst()))
    }
}
