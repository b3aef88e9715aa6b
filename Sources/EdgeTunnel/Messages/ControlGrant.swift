/// One thing that a tunnel may serve: an entry of `grant`.
package struct ControlGrant: Sendable, Hashable {
    /// What is served, such as `https`, `http` or `tcp`.
    package let service: String
    /// Under which name.
    package let name: String
    /// On which port; nil where the entry gives none.
    package let port: UInt16?

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - service: what is served.
    ///   - name: under which name.
    ///   - port: on which port.
    package init(service: String, name: String, port: UInt16?) {
        self.service = service
        self.name = name
        self.port = port
    }

    /// The entry as an array.
    var json: String {
        let end = self.port.map { ",\($0)]" } ?? "]"
        return "[\(JSONText.quoted(self.service)),\(JSONText.quoted(self.name))\(end)"
    }
}

extension ControlGrant: Decodable {
    /// Reads an array; the port may be a number, a text of one, an array that begins with one of these, null or missing.
    package init(from decoder: any Decoder) throws {
        var items = try decoder.unkeyedContainer()
        let service = try items.decode(String.self)
        let name = try items.decode(String.self)
        var port = Self.port(&items)
        if port == nil, var ports = try? items.nestedUnkeyedContainer() { port = Self.port(&ports) }
        self.init(service: service, name: name, port: port)
    }

    private static func port(_ items: inout any UnkeyedDecodingContainer) -> UInt16? {
        (try? items.decode(UInt16.self)) ?? (try? items.decode(String.self)).flatMap { UInt16($0) }
    }
}
