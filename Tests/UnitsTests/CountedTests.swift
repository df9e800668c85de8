import Testing
import Units

@Suite("Numbers of things")
struct CountedTests {
  @Test("one is singular, and nothing else is")
  func nouns() {
    #expect([0, 1, 2].map { counted($0, "round") } == ["0 rounds", "1 round", "2 rounds"])
    #expect(
      counted(1, "class", plural: "classes") == "1 class" && counted(3, "class", plural: "classes") == "3 classes")
  }
}
