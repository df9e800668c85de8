import Foundation
import Testing

@testable import Reproduction

@Suite("Pages with computed numbers")
struct GeneratedPagesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private func page(_ name: String) throws -> String {
    try String(contentsOfFile: "\(Self.root)/\(name)", encoding: .utf8)
  }

  @Test(
    "say what the kept tables and traces say; 'airsplit reproduce pages' makes them anew",
    arguments: GeneratedPages.paths)
  func current(name: String) throws {
    let text = try page(name)
    #expect(text.contains("<!-- generated: "))
    #expect(try GeneratedPages(root: Self.root).refreshed(text) == text, "run 'airsplit reproduce pages'")
  }

  @Test("have no table and no verdict of results that was typed by hand", arguments: GeneratedPages.paths.prefix(2))
  func nothingByHand(name: String) throws {
    var isGenerated = false
    for line in try page(name).split(separator: "\n") {
      if line.hasPrefix("<!-- ") { isGenerated = line.hasPrefix("<!-- generated") }
      guard !isGenerated else { continue }
      #expect(!line.hasPrefix("|"), "\(line)")
      for word in ["agrees", "not separable", "± ", "(p = "] { #expect(!line.contains(word), "\(line)") }
    }
  }

  @Test("keep what stands around a block, and refuse one that does not end or that there is not")
  func blocks() throws {
    let pages = GeneratedPages(root: Self.root)
    let block = try pages.block("descent")
    #expect(
      try pages.refreshed("a\n<!-- generated: descent -->\nold 1 % to 7 %\n<!-- end -->\nb\n")
        == "a\n<!-- generated: descent -->\n\(block)\n<!-- end -->\nb\n")
    #expect(throws: ReproductionError.self) { try pages.refreshed("<!-- generated: descent -->\nold\n") }
    #expect(throws: ReproductionError.self) { try pages.refreshed("<!-- generated: nothing -->\n<!-- end -->\n") }
  }
}
