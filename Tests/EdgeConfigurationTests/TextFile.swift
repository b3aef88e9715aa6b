import Glibc

extension String {
    /// What a file of the project holds.
    ///
    /// - Parameter path: the file.
    /// - Throws: nothing is there to read.
    init(contentsOfFile path: String) throws {
        struct Unreadable: Error { let path: String }
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        self = String(decoding: bytes, as: UTF8.self)
    }
}
