import EdgeSystem
import EdgeTypes
import Glibc
import Testing

@Suite
struct SystemErrorTests {
    @Test
    func theKernelsNumbersAreSorted() {
        func error(_ code: Int32) -> SystemError { SystemError(code: code, operation: "listen on", subject: "a:1") }
        #expect(error(EADDRINUSE) == .addressInUse(endpoint: "a:1"))
        #expect(error(EADDRNOTAVAIL) == .addressNotLocal(endpoint: "a:1"))
        #expect(error(ENOENT) == .noSuchFile(path: "a:1"))
        #expect(error(EACCES) == .permissionDenied(operation: "listen on", subject: "a:1"))
        #expect(error(EPERM) == .permissionDenied(operation: "listen on", subject: "a:1"))
        #expect(error(EMFILE) == .exhausted(operation: "listen on", code: EMFILE))
        #expect(error(EIO) == .failed(operation: "listen on", subject: "a:1", code: EIO))
        for code in [EADDRINUSE, EADDRNOTAVAIL, ENOENT, EACCES, EMFILE, ENFILE, EIO] {
            #expect(error(code).code == code)
        }
    }

    @Test
    func anOperatorReadsWhatToDo() {
        let error = SystemError.portNeedsPrivilege(endpoint: "0.0.0.0:80")
        #expect(error.description.hasPrefix("0.0.0.0:80 needs a privilege"))
        #expect(error.description.contains("AmbientCapabilities=CAP_NET_BIND_SERVICE"))
        #expect(SystemError.addressInUse(endpoint: "[::]:443").description.contains("`ss -lntp`"))
        let missing = SystemError.notInherited(name: "web", offered: ["ssh", "admin"])
        #expect(missing.description.hasSuffix("it handed over ssh, admin"))
        let failed = SystemError.failed(operation: "read", subject: "/a", code: EISDIR)
        #expect(failed.description == "cannot read /a: Is a directory")
    }
}
