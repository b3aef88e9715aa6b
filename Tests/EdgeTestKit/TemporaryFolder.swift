import Foundation

/// A folder that lasts as long as its owner.
package final class TemporaryFolder: Sendable {
    /// Its path, absolute.
    package let path: String

    /// Creates the folder.
    ///
    /// - Throws: ``JourneyFailure`` where none can be made.
    package init() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("rvpn-journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        self.path = place.path
    }

    deinit {
        self.remove()
    }

    /// Takes it away with all that it holds.
    func remove() {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - name: its path inside the folder; folders on the way are made.
    ///   - text: what it holds.
    ///   - mode: its permissions.
    /// - Returns: its path, absolute.
    /// - Throws: where the system says no.
    @discardableResult
    package func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try self.write(name, Array(text.utf8), mode: mode)
    }

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - name: its path inside the folder; folders on the way are made.
    ///   - bytes: what it holds.
    ///   - mode: its permissions.
    /// - Returns: its path, absolute.
    /// - Throws: where the system says no.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8], mode: Int = 0o600) throws -> String {
        let path = self.path + "/" + name
        let parent = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// Copies a file into the folder, in one step where one was before.
    ///
    /// - Parameters:
    ///   - source: the path of the original.
    ///   - name: its path inside the folder.
    ///   - mode: the copy's permissions.
    /// - Returns: the copy's path, absolute.
    /// - Throws: where the system says no.
    @discardableResult
    package func copy(_ source: String, as name: String, mode: Int = 0o600) throws -> String {
        try self.write(name, Array(try Data(contentsOf: URL(fileURLWithPath: source))), mode: mode)
    }

    /// Reads a file.
    ///
    /// - Parameter name: its path inside the folder.
    /// - Returns: its bytes.
    /// - Throws: where the system says no.
    package func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: self.path + "/" + name)))
    }
}
