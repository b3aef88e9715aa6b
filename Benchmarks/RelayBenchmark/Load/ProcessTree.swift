import Foundation
import Glibc

/// What processes and all their descendants cost, as /proc tells.
struct ProcessTree {
    /// The processes at its roots.
    let roots: [Int32]

    /// CPU so far, user and system, children that have been waited for included, in seconds; it ticks every 10 ms.
    var cpu: Double {
        let ticks = self.all.reduce(0) { sum, process in
            // The name may hold spaces; what is wanted comes behind its closing parenthesis.
            guard let text = Self.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return sum }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 14 else { return sum }
            return sum + fields[11...14].reduce(0) { $0 + (Int($1) ?? 0) }
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Proportional set size, in KiB.
    var memory: Int {
        self.all.reduce(0) { sum, process in
            guard let text = Self.read("/proc/\(process)/smaps_rollup") else { return sum }
            let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") }
            return sum + (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        }
    }

    /// Roots and descendants.
    private var all: [Int32] {
        var found: [Int32] = []
        var left = self.roots
        while let process = left.popLast() {
            found.append(process)
            for task in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? [] {
                guard let text = Self.read("/proc/\(process)/task/\(task)/children") else { continue }
                left += text.split(separator: " ").compactMap { Int32($0) }
            }
        }
        return found
    }

    /// A file of /proc, whose size is not known beforehand.
    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            text += chunk[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
