/// The page that every answer for people stands in.
struct PageShell: Sendable {
    private let head: String
    private let middle: String
    private let end: String

    /// Cuts the embedded page at its two marks.
    init() {
        let page = String(decoding: PackageResources.page_html, as: UTF8.self)
        let (head, rest) = Self.cut(page, at: "<!--TITLE-->")
        let (middle, end) = Self.cut(rest, at: "<!--CONTENT-->")
        self.head = head
        self.middle = middle
        self.end = end
    }

    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: what the browser calls it.
    ///   - content: what stands in its body.
    /// - Returns: the page.
    func page(title: String, content: HTML) -> String {
        self.head + HTML.escaped(title) + self.middle + content.text + self.end
    }

    private static func cut(_ text: String, at mark: String) -> (before: String, after: String) {
        guard let range = text.firstRange(of: mark) else { return (text, "") }
        return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
    }
}
