/// A channel whose close can be made a reset.
package protocol Resettable: AnyObject {
    /// Makes the next close a reset that discards what waits.
    func resetOnClose()
}
