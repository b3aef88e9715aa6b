/// A fuzzer's bytes, taken one after another as choices; behind their end everything is zero.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.rest = bytes[...]
    }

    /// Whether all bytes are taken.
    var isEmpty: Bool { self.rest.isEmpty }

    /// The next byte.
    mutating func octet() -> UInt8 { self.rest.popFirst() ?? 0 }

    /// The next two bytes as a number.
    mutating func number() -> Int { Int(self.octet()) << 8 | Int(self.octet()) }

    /// A number below a bound, by the next byte.
    mutating func number(below bound: Int) -> Int { Int(self.octet()) % bound }

    /// One of some values, by the next byte.
    mutating func element<Element>(of values: [Element]) -> Element { values[self.number(below: values.count)] }

    /// The next bytes, as many as there are of so many.
    mutating func take(_ count: Int) -> [UInt8] {
        let taken = Array(self.rest.prefix(count))
        self.rest = self.rest.dropFirst(count)
        return taken
    }

    /// All that is left.
    mutating func takeAll() -> [UInt8] { self.take(self.rest.count) }
}
