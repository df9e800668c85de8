import Foundation
import Testing

/// Reports in headless Chromium. `tools/test` sees to it that there is one.
@Suite(.enabled(if: Browser.executable != nil), .serialized)
struct BrowserTests {
  /// The first series' colour and the second's, on a light page and on a dark one.
  private static let light = [SIMD3<UInt8>(0x00, 0x72, 0xB2), SIMD3(0xD5, 0x5E, 0x00)]
  private static let dark = [SIMD3<UInt8>(0x4A, 0x9F, 0xE0), SIMD3(0xF0, 0x81, 0x3A)]

  private static let title = "</title></script><script>document.title='taken'</script>\"'<b>“ü”"
  private static let titleAsText =
    "&lt;/title&gt;&lt;/script&gt;&lt;script&gt;document.title='taken'&lt;/script&gt;\"'&lt;b&gt;“ü”"

  @Test func theConsoleTellsOfWhatAPageMayNotDo() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><script>1</script>", to: "bad.html")
    #expect(try !Browser.open("bad.html", in: folder).console.isEmpty)
  }

  @Test func aRunIsDrawnInLightAndDarkAndOnPaper() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    #expect(try Tool.run("report", "r", "--title", Self.title, "--out", "p.html", in: folder).status == 0)
    // Two of the eight are timelines, drawn at four widths each.
    try check("p.html", in: folder, charts: 8 + 2 * 3)
  }

  @Test func aSweepIsDrawnInLightAndDarkAndOnPaper() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run(
      "sweep", "small.yaml", "--out", "s", "--quiet", "--set", "sweep.grid.deadline=[4.5 s, 5 s, 6 s]", "--set",
      "sweep.grid.policy=[bcd, ep]", "--set", "sweep.repetitions=3", in: folder)
    #expect(
      try Tool.run(
        "report", "s", "--title", Self.title, "--out", "p.html", "--metric", "objective,step_energy_j", in: folder
      ).status == 0)
    try check("p.html", in: folder, charts: 2)
  }

  @Test func aZoomedTimelineIsPrintedOnce() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    #expect(try Tool.run("report", "r", "--out", "p.html", in: folder).status == 0)
    // The rules of paper on the screen, zoom 4 chosen, and a script that counts what is seen.
    let page = try folder.text("p.html").replacing("@media print{", with: "@media all{")
      .replacing("value=\"1\" checked", with: "value=\"1\"").replacing("value=\"4\"", with: "value=\"4\" checked")
      .replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
    let count = """
      <script>document.title = ['.at1', '.at4'].map(name => [...document.querySelectorAll(name)]
        .filter(drawing => getComputedStyle(drawing).display != 'none').length).join(' and ')</script>
      """
    try folder.write(page.replacing("</body>", with: count + "</body>"), to: "zoomed.html")
    #expect(try Browser.open("zoomed.html", in: folder).document.contains("<title>2 and 0</title>"))
  }

  private func check(_ name: String, in folder: TemporaryFolder, charts: Int) throws {
    let light = try Browser.open(name, in: folder)
    let dark = try Browser.open(name, in: folder, isDark: true)
    for (outcome, background, colors) in [
      (light, SIMD3<UInt8>(255, 255, 255), Self.light), (dark, SIMD3<UInt8>(0x15, 0x18, 0x1C), Self.dark),
    ] {
      #expect(outcome.console.isEmpty)
      #expect(outcome.document.contains("<title>\(Self.titleAsText)</title>"))
      #expect(outcome.document.contains("<h1>\(Self.titleAsText)</h1>"))
      #expect(!outcome.document.contains("<script"))
      #expect(outcome.document.components(separatedBy: "<svg").count - 1 == charts)
      #expect(outcome.picture.background == background)
      for color in colors { #expect(outcome.picture.count(color) > 300, "\(color)") }
      // A page of text alone would be nearly all background.
      let inked = outcome.picture.pixels.count - outcome.picture.count(background)
      #expect(inked > 50_000, "\(inked) pixels are drawn")
      #expect(outcome.pdf.starts(with: Data("%PDF-".utf8)))
      #expect(outcome.pdf.count > 20_000)
    }
  }
}
