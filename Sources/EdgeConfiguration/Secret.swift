/// Bytes that must not be seen: printed, described or mirrored they are dots.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves, for the one who signs or verifies.
    package let bytes: [UInt8]

    /// Creates a secret.
    ///
    /// - Parameter bytes: the bytes, taken as they are.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Creates a secret from text.
    ///
    /// - Parameter text: the text, whose UTF-8 is the secret.
    package init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    /// Creates a secret from a file: editors and `echo` end a file with a line feed, which is no part of it.
    ///
    /// - Parameter contents: what the file holds.
    package init(fileContents contents: [UInt8]) {
        let end = contents.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? 0
        self.bytes = Array(contents[..<end])
    }

    /// Whether there is nothing to keep.
    package var isEmpty: Bool { self.bytes.isEmpty }

    /// Dots, as many for every secret: its length is nobody's business either.
    package var description: String { "••••••" }

    /// Dots.
    package var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` and failed expectations show dots.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
