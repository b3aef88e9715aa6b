import ArgumentParser
import EdgeSniffing
import EdgeSystem

/// Tells what the front door would see.
struct SniffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sniff",
        abstract: "Tell what the relay's front door sees in the first bytes of a connection.",
        discussion: """
            One line for each file.

            Example: printf 'GET / HTTP/1.1\\r\\nHost: app.example.com\\r\\n\\r\\n' | rvpn sniff --json -
            """
    )

    /// How much of a file is looked at, in bytes: twice what the front door looks at by default.
    private static let readLimit = 128 * 1024

    @Argument(
        help: "Files that hold a connection's first bytes; - or none at all is standard input.",
        completion: .file()
    )
    var files: [String] = ["-"]

    @Flag(help: "Print one line of JSON for each file.")
    var json = false

    func run() throws {
        let sniffer = Sniffer(limits: SniffingLimits())
        for file in self.files {
            let bytes = try StandardStreams.contents(file, limit: Self.readLimit).bytes
            let report = Self.report(on: bytes, by: sniffer)
            if self.files.count == 1 {
                print(self.json ? report.json : report.line)
            } else if self.json {
                print("{\"file\":\(JSONText.quoted(file)),\(report.json.dropFirst())")
            } else {
                print("\(Printable.text(file)): \(report.line)")
            }
        }
    }

    private static func report(on bytes: [UInt8], by sniffer: Sniffer) -> SniffingReport {
        do throws(SniffingError) {
            switch try sniffer.sniff(bytes.span.bytes, ended: true) {
            case .detected(let detection): return SniffingReport(detection)
            case .needsBytes: return SniffingReport(.opaque)
            }
        } catch {
            return SniffingReport(error)
        }
    }
}
