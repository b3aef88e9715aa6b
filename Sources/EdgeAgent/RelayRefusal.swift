import EdgeTunnel
import FoundationEssentials

/// What a relay's refusal of the upgrade says to a person: what is wrong, and the mend.
package struct RelayRefusal: Sendable, Hashable, CustomStringConvertible {
    /// Statuses that a new attempt would meet again.
    private static let lasting = [400, 401, 403, 404, 405, 409, 426]
    /// How much of what the relay says is repeated, in characters: a sentence.
    private static let longest = 200

    private struct Body: Decodable {
        let error: ControlFault?
        let reason: String?
    }

    private let status: Int
    private let message: String
    private let reason: String

    /// Reads a refusal.
    ///
    /// - Parameters:
    ///   - status: the status of the relay's answer.
    ///   - body: its body: `{"error":{"message","code"},"reason"}`, or anything.
    package init(status: Int, body: String) {
        let fields = try? JSONDecoder().decode(Body.self, from: Data(body.utf8))
        self.status = status
        self.message = Self.printable(fields?.error?.message ?? String(body.prefix { !$0.isNewline }))
        self.reason = fields?.reason ?? ""
    }

    /// Whether a new attempt would be refused again; a relay that is full may be less so later.
    package var isLasting: Bool { Self.lasting.contains(self.status) }

    /// What is wrong, and the mend.
    package var description: String {
        let said = self.message.isEmpty ? "\(self.status)" : "\(self.message) (\(self.status))"
        return self.mend.map { "the relay refused: \(said); \($0)" } ?? "the relay refused: \(said)"
    }

    private var mend: String? {
        switch (self.status, self.reason) {
        case (_, "token_expired"): "the token's time is over or has not come: make a new one, and look at this clock"
        case (401, _): "use a token, or a secret, that this relay knows"
        case (403, _): "use a token that grants the names and ports of --local"
        case (409, _): "another client holds it: stop that one, or serve another name or port"
        case (404, _), (405, _), (426, _): "look at --relay: it must be the relay's tunnel host"
        default: nil
        }
    }

    /// What the relay says lands on a terminal: one line, and nothing that steers it.
    private static func printable(_ text: String) -> String {
        var shown = ""
        for scalar in text.prefix(self.longest).unicodeScalars where scalar.properties.generalCategory != .control {
            shown.unicodeScalars.append(scalar)
        }
        return shown
    }
}
