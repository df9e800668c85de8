/// The elements of a chart, to stand alone or as a part of another drawing.
package struct Drawing: Sendable {
  /// Width in CSS pixels.
  var width: Double
  /// Height in CSS pixels.
  var height: Double
  /// SVG elements.
  var elements: String
  /// Their classes, whose rules the element needs.
  var classes: Set<String>

  /// The whole SVG element.
  func svg(title: String, summary: String) -> String {
    let size = "\(NumberText.coordinate(width)) \(NumberText.coordinate(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="\(NumberText.coordinate(width))" \
      height="\(NumberText.coordinate(height))" viewBox="0 0 \(size)" font-family="system-ui, sans-serif" \
      font-size="\(NumberText.coordinate(Canvas.fontSize))" fill="#222">
      <title>\(Markup.escaped(title))</title>
      <desc>\(Markup.escaped(summary))</desc>
      <style>\(Palette.css(for: classes))</style>
      <path class="paper" fill="#fff" d="\(Path.rectangle(0, 0, width, height))"/>
      \(elements)</svg>

      """
  }
}
