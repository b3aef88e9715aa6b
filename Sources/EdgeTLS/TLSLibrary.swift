import EdgeOpenSSL

/// The library that does the cryptography.
package enum TLSLibrary {
    /// Its name and version, as it tells them at run time.
    package static var version: String { OpenSSLVersion.text }
}
