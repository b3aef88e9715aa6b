import CSSL

/// Which OpenSSL runs.
package enum OpenSSLVersion {
    /// Name and version of the library in use, which may be newer than the one that the program was built with.
    package static var text: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
}
