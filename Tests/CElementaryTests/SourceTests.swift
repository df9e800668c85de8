import Foundation
import Testing

/// The system's functions differ in the last bit between processors, so none of them may be called.
@Suite("Sources")
struct SourceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  /// Calls of elementary functions of <math.h> in a Swift or C text, comments and strings apart.
  private func calls(in text: String) throws -> [String] {
    let comment = try Regex(#"/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*""#)
    let name = #"a?(?:sin|cos|tan)h?|atan2|sincos|exp(?:2|10|m1)?|log(?:2|10|1p|b)?|pow|cbrt|hypot|erfc?|[lt]?gamma"#
    let call = try Regex(#"(?:^|[^\w.`])((?:\#(name))(?:f|l|_r)?\()"#, as: (Substring, Substring).self)
    return text.replacing(comment, with: "").matches(of: call).map { String($0.1) }
      .filter { !text.contains("func \($0)") }
  }

  @Test("call no elementary function of the system's library")
  func noSystemFunctions() throws {
    let paths = try #require(FileManager.default.enumerator(atPath: Self.root.path)?.allObjects as? [String])
      .filter { [".swift", ".c", ".h"].contains(where: $0.hasSuffix) }
    #expect(paths.count > 300)
    for path in paths {
      let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
      #expect(try calls(in: text) == [], "\(path) must call elementary_… of CElementary")
    }
  }

  @Test("are searched for what would be such a call")
  func search() throws {
    #expect(
      try calls(in: "let a = log(b) // pow(1)\n -pow(2, expm1(x)) \"sin(x)\" /* cos(\n1) */ sinf(2)")
        == ["log(", "pow(", "expm1(", "sinf("])
    #expect(try calls(in: "elementary_log(x), catalog(1), .exp(2), x.log()") == [])
  }
}
