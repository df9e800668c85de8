import JSON
import TestSupport
import Testing

@Suite("Damaged JSON")
struct JSONDamageTests {
  @Test("JSON damaged anywhere reads, or says where it is damaged", arguments: [false, true])
  func damage(packsNumbers: Bool) {
    let sample: JSONValue = [
      "name": "é🛰", "seed": 7, "rows": [[1.5e-12, 2.25], [0, -3]], "text": "a\\\"\u{1}",
      "nested": ["list": [1, 2.5e-3, nil, true, false], "empty": [:]],
    ]
    let text = Array(sample.text().utf8)
    let lines = sample.text().split(separator: "\n").count
    // Bytes that mean something to a reader find more than any bytes do.
    let meaningful = Array("{}[],:\"\\u0-.eE+dDnt \n".utf8) + [0, 0x80, 0xC3, 0xED, 0xF0, 0xFF]
    var told = 0
    for seed in 1...5000 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      var bytes = text
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
        case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
        default: bytes[place] = meaningful[Int.random(in: meaningful.indices, using: &random)]
        }
      }
      do throws(JSONSyntaxError) {
        let value = try JSONValue(parsing: bytes, packsNumbers: packsNumbers)
        let again = try JSONValue(parsing: value.text(.line), packsNumbers: packsNumbers)
        #expect(again == value, "seed \(seed)")
      } catch {
        let isInside = (1...lines + 12).contains(error.line) && (1...bytes.count + 1).contains(error.column)
        #expect(isInside, "seed \(seed): \(error)")
        told += 1
      }
    }
    #expect(told > 2500)
  }
}
