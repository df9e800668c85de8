/// A self-contained HTML page: no network, no other file, no script.
struct Page {
  /// A part of the page.
  struct Section {
    var id: String
    var title: String
    var body: HTML
  }

  var title: String
  /// What stands under the title.
  var lead: HTML
  var sections: [Section]
  var version: String

  /// The whole document.
  var html: String {
    let sections = sections.filter { !$0.body.text.isEmpty }
    let links = sections.map { section -> HTML in "<a href=\"#\(section.id)\">\(section.title)</a>\n" }
    let parts = sections.map { section -> HTML in
      """
      <section id="\(section.id)" aria-labelledby="\(section.id)-title">
      <h2 id="\(section.id)-title">\(section.title)</h2>
      \(section.body)</section>

      """
    }
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="AirSplit \(version)">
      <title>\(title)</title>
      <style>
      \(HTML(markup: Self.style))
      </style>
      </head>
      <body>
      <header>
      <h1>\(title)</h1>
      \(lead)</header>
      <nav aria-label="Sections">
      \(links)</nav>
      <main>
      \(parts)</main>
      <footer><p>Made by AirSplit \(version).</p></footer>
      </body>
      </html>

      """
    return page.text
  }
}
