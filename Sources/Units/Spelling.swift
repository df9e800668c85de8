/// Names that a mistyped one may have meant.
public enum Spelling {
  /// The name of `names` that is nearest to `word` by edit distance, or `nil` if none is near: at most a third of the
  /// longer word's letters may differ, and capitals count as small letters. The first of equally near names wins.
  public static func nearest(to word: String, among names: [String]) -> String? {
    let letters = Array(word.utf8.prefix(longest + 1)).map(small)
    guard letters.count <= longest else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let other = Array(name.utf8.prefix(longest)).map(small)
      // Every letter that one has more than the other is an edit.
      guard abs(letters.count - other.count) * 3 <= max(letters.count, other.count) else { continue }
      let distance = self.distance(letters, other)
      guard distance * 3 <= max(letters.count, other.count), distance < best?.distance ?? .max else { continue }
      best = (name, distance)
    }
    return best?.name
  }

  /// Names longer than this are never near: the work stays bounded on any input.
  private static let longest = 64

  private static func small(_ letter: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) ? letter | 0x20 : letter
  }

  /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, one each.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var row = [i + 1]
      for (j, other) in right.enumerated() {
        var least = min(above[j] + (letter == other ? 0 : 1), above[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { least = min(least, before[j - 1] + 1) }
        row.append(least)
      }
      (before, above) = (above, row)
    }
    return above[right.count]
  }
}
