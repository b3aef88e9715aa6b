/// What becomes of a visitor's HTTP in the clear.
package enum HTTPTreatment: String, Sendable, Hashable, CaseIterable {
    /// It goes on as it is.
    case forward
    /// The visitor is sent to https with status 308; a certificate authority's challenge goes on all the same.
    case redirect
}
