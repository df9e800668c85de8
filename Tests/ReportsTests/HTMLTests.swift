import Charts
import Testing

@testable import Reports

struct HTMLTests {
  @Test func textIsEscapedAndMarkupIsNot() {
    let text = "</script><b onclick=\"x\">'&"
    let inner: HTML = "<i>\(text)</i>"
    let outer: HTML = "<p title=\"\(text)\">\(inner)\([inner, inner])\(7)</p>"
    let escaped = "&lt;/script&gt;&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;"
    #expect(outer.text == "<p title=\"\(escaped)\">" + String(repeating: "<i>\(escaped)</i>", count: 3) + "7</p>")
  }

  @Test func pagesNeedNothingFromElsewhereAndForbidIt() {
    let page = Page(
      title: "t", lead: .empty,
      sections: [.init(id: "a", title: "A", body: "<p>x</p>"), .init(id: "b", title: "B", body: .empty)],
      version: "1.2.3"
    ).html
    #expect(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""))
    for word in ["<script", "http:", "https:", "@import", "url("] { #expect(!page.contains(word), "\(word)") }
    #expect(page.contains("href=\"#a\""))
    #expect(!page.contains("href=\"#b\""))
  }

  @Test func longTablesAreThinnedAndSaySo() {
    let table = ChartTable(columns: ["n", "name"], rows: (0..<1000).map { ["\($0)", "row"] })
    let html = Blocks.table(table, named: "t").text
    #expect(html.split(separator: "<tr>").count - 2 == 334)
    #expect(html.contains("One row in 3 is shown; the files hold all 1000."))
    #expect(html.contains("<td class=\"number\">999</td><td>row</td>"))
  }
}
