/// A token inside a control message: it prints as dots.
package struct AccessToken: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The token as it was sent, verified by nobody yet; empty where the message had none.
    package let text: String

    /// Wraps a token.
    ///
    /// - Parameter text: the token as it is sent.
    package init(_ text: String) {
        self.text = text
    }

    /// Dots.
    package var description: String { "•••" }

    /// Dots.
    package var debugDescription: String { self.description }

    /// Nothing inside.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
