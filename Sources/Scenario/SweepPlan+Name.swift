import Units

extension SweepPoint {
  /// What a point with these settings is called, `deadline=5s,policy=bcd`: fit for a folder, and the same in every sweep.
  public static func name(of settings: [SweepSetting]) -> String {
    guard !settings.isEmpty else { return "base" }
    let name = settings.map { "\(cleaned($0.path, to: 60))=\(cleaned($0.value, to: 40))" }.joined(separator: ",")
    return name.utf8.count <= 180 ? name : "\(name.prefix(160))~\(mark(of: name))"
  }

  /// `text` with the characters that every file system takes. Where more than spaces is lost or changed, a mark of the
  /// whole text stands behind it, so that two values never share a name.
  private static func cleaned(_ text: String, to length: Int) -> String {
    var result = ""
    var isWhole = true
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "+": result.unicodeScalars.append(scalar)
      case " ": break
      case ":", ",", "/":
        result += "-"
        isWhole = false
      default: isWhole = false
      }
    }
    if isWhole, !result.isEmpty, result.utf8.count <= length { return result }
    return "\(result.prefix(length - 9))~\(mark(of: text))"
  }

  /// Eight hexadecimal digits that stand for a text (FNV-1a, folded).
  private static func mark(of text: String) -> String {
    var hash = FNV1a()
    hash.absorb(Array(text.utf8)[...])
    return FNV1a.hexadecimal(UInt32(truncatingIfNeeded: hash.value ^ (hash.value >> 32)))
  }
}
