/// A table of the status page: its columns, and its rows as they are now.
///
/// The page's script finds the table by its name and the rows by their keys; columns are in one order here and there.
struct PageTable: Sendable {
    /// One column.
    struct Column: Sendable {
        let title: String
        /// How it looks, as the style sheet calls it.
        let style: String

        init(_ title: String, _ style: String = "") {
            self.title = title
            self.style = style
        }
    }

    /// One row: what tells it from the others, and its cells in the order of the columns.
    struct Row: Sendable {
        let key: String
        let cells: [HTML]
    }

    /// What the script calls the table.
    let name: String
    let title: String
    /// What stands in place of a table without rows.
    let whenEmpty: String
    let columns: [Column]
    let rows: [Row]
    /// How many rows there are, shown ones and others.
    let total: Int

    /// The table in a section of its own.
    var html: HTML {
        let heads = HTML(self.columns.map { #"<th scope="col" class="\#($0.style)">\#($0.title)</th>"# as HTML })
        let rows = HTML(self.rows.map { self.html(of: $0) })
        let hidden: HTML = " hidden"
        let shown: HTML = ""
        return """
            <section>
            <h2>\(self.title)<span class="count" id="count-\(self.name)">\(self.total)</span></h2>
            <div class="scroll">
            <table id="table-\(self.name)"\(self.rows.isEmpty ? hidden : shown)>
            <thead><tr>\(heads)</tr></thead>
            <tbody>\(rows)</tbody>
            </table>
            </div>
            <p class="none" id="none-\(self.name)"\(self.rows.isEmpty ? shown : hidden)>\(self.whenEmpty)</p>
            <p class="more" id="more-\(self.name)"\(self.total > self.rows.count ? shown : hidden)>\
            and \(max(0, self.total - self.rows.count)) more</p>
            </section>
            """
    }

    private func html(of row: Row) -> HTML {
        let cells = zip(self.columns, row.cells).map { column, cell in
            #"<td class="\#(column.style)" data-label="\#(column.title)">\#(cell)</td>"# as HTML
        }
        return #"<tr data-key="\#(row.key)">\#(HTML(cells))</tr>"#
    }
}
