import EdgeSystem

extension SystemError {
    /// Whether a right is missing, rather than a thing.
    var isPermission: Bool {
        switch self {
        case .portNeedsPrivilege, .permissionDenied, .notRoot: true
        case .addressInUse, .addressNotLocal, .hostNotFound, .pathTooLong, .notASocket, .noSuchFile, .fileTooLarge,
            .noSuchUser, .notInherited, .exhausted, .failed:
            false
        }
    }
}
