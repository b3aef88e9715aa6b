import Foundation

/// Descriptors that a process has open.
package enum OpenDescriptors {
    /// Counts them.
    ///
    /// - Parameter process: its number; this process when nil.
    /// - Returns: how many are open.
    /// - Throws: where the system does not tell.
    package static func count(of process: Int32? = nil) throws -> Int {
        let place = process.map(String.init) ?? "self"
        return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(place)/fd").count
    }
}
