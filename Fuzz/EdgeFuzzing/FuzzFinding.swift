/// A promise that the code under test has broken.
package struct FuzzFinding: Error, CustomStringConvertible {
    /// Which promise.
    package let description: String

    /// Creates a finding.
    ///
    /// - Parameter description: which promise was broken.
    package init(_ description: String) {
        self.description = description
    }

    /// Throws unless something holds.
    ///
    /// - Parameters:
    ///   - condition: what must hold.
    ///   - breach: what is broken where it does not.
    /// - Throws: the finding.
    static func unless(_ condition: Bool, _ breach: @autoclosure () -> String) throws(FuzzFinding) {
        guard condition else { throw FuzzFinding(breach()) }
    }
}
