/// How many slips of a finger lie between two words: a letter too many, too few, wrong, or two swapped.
enum EditDistance {
    /// Counts them.
    ///
    /// - Parameters:
    ///   - left: a word.
    ///   - right: a word.
    /// - Returns: the number of slips.
    static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var before: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(above[column + 1], current[column]) + 1
                cost = min(cost, above[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = above
            above = current
        }
        return above[right.count]
    }
}
