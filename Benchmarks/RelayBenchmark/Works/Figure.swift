/// What came of one measurement.
enum Figure: Equatable {
    /// A number.
    case number(Double)
    /// Why there is none.
    case word(String)

    /// The number, or nil.
    var number: Double? {
        switch self {
        case .number(let number): number
        case .word: nil
        }
    }
}
