import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct FileReadingTests {
    private let folder = TemporaryFolder()

    @Test(arguments: [0, 1, 4095, 4096, 4097, 100_000])
    func aFileIsReadWhole(length: Int) throws {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let path = self.folder.write("file", bytes)
        #expect(try FileReading.read(path: path) == bytes)
        #expect(try FileReading.read(path: path, limit: ByteCount(length)) == bytes)
    }

    @Test
    func aFileAboveTheLimitIsRefused() {
        let path = self.folder.write("file", [1, 2, 3, 4])
        #expect(throws: SystemError.fileTooLarge(path: path, limit: ByteCount(3))) {
            _ = try FileReading.read(path: path, limit: ByteCount(3))
        }
        #expect(throws: SystemError.fileTooLarge(path: "/dev/zero", limit: .kibibytes(64))) {
            _ = try FileReading.read(path: "/dev/zero", limit: .kibibytes(64))
        }
    }

    @Test
    func whatIsNotThereOrIsNoFileIsAnError() {
        let path = "\(self.folder.path)/none"
        #expect(throws: SystemError.noSuchFile(path: path)) { _ = try FileReading.read(path: path) }
        #expect(throws: SystemError.noSuchFile(path: path)) { _ = try FileReading.mode(path: path) }
        #expect(throws: SystemError.noSuchFile(path: path)) { _ = try FileReading.names(inDirectory: path) }
        #expect(throws: SystemError.failed(operation: "read", subject: self.folder.path, code: EISDIR)) {
            _ = try FileReading.read(path: self.folder.path)
        }
    }

    @Test
    func aSecretThatOthersCanReadShowsItsMode() throws {
        let open = self.folder.write("open", [1], mode: 0o644)
        let closed = self.folder.write("closed", [1], mode: 0o640)
        #expect(try FileReading.mode(path: open) == 0o644)
        #expect(try FileReading.modeIfOpenToOthers(path: open) == 0o644)
        #expect(try FileReading.modeIfOpenToOthers(path: closed) == nil)
    }

    @Test
    func aDirectoryIsListedInOrder() throws {
        for name in ["b", "a", ".c"] { _ = self.folder.write(name, []) }
        #expect(try FileReading.names(inDirectory: self.folder.path) == [".c", "a", "b"])
        #expect(FileReading.isDirectory(path: self.folder.path))
        #expect(!FileReading.isDirectory(path: "\(self.folder.path)/a"))
        #expect(!FileReading.isDirectory(path: "\(self.folder.path)/z"))
    }
}
