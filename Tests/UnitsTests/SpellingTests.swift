import Testing
import Units

@Suite("The nearest name")
struct SpellingTests {
  @Test("a slip of the finger finds the name that was meant; a different word finds none")
  func nearest() {
    let names = ["deadline", "devices", "uplink"]
    #expect(Spelling.nearest(to: "deadlin", among: names) == "deadline")
    #expect(Spelling.nearest(to: "device", among: names) == "devices")
    #expect(Spelling.nearest(to: "pulink", among: names) == "uplink")
    #expect(Spelling.nearest(to: "server", among: names) == nil)
    #expect(Spelling.nearest(to: "", among: names) == nil)
    #expect(Spelling.nearest(to: String(repeating: "d", count: 1_000_000), among: names) == nil)
  }
}
