import CElementary
extension ModelTables {
  /// Both tables as text: ours, the paper's in brackets, and under each table why they differ.
  public var text: String {
    var footnotes = Footnotes()
    let first = Self.grid(
      title: "Table I: frameworks at b = \(batch), ours (paper)", names: frameworks.map(\.name),
      rows: [
        ("communication, MB", frameworks.map { footnotes.cell($0.communication) }),
        ("device work, GFLOP", frameworks.map { footnotes.cell($0.compute) }),
        ("device memory, MB", frameworks.map { footnotes.cell($0.memory) }),
      ])
    let second = Self.grid(
      title: "Table II: the embedding on the device at b = \(batch), ours (paper)", names: embeddings.map(\.name),
      rows: [
        ("parameters, MB", embeddings.map { footnotes.cell($0.parameters) }),
        ("work, GFLOP", embeddings.map { footnotes.cell($0.compute) }),
        ("memory, MB", embeddings.map { footnotes.cell($0.memory) }),
        ("output shape", embeddings.map { footnotes.cell($0.outputShape) }),
      ])
    let explained = footnotes.sentences.enumerated().map { "[\($0.offset + 1)] \($0.element)" }
    return ([first, "", second, ""] + explained + [""] + notes).joined(separator: "\n") + "\n"
  }

  /// Sentences in the order of their first use, each once.
  private struct Footnotes {
    var sentences: [String] = []

    mutating func cell(_ entry: TableEntry<Double>) -> String {
      let paper = decimal(entry.paper, places: entry.decimals)
      let ours = entry.ours.map { decimal($0, places: entry.paper == 0 ? 0 : max(3, entry.decimals)) }
      return "\(ours ?? "-") (\(paper))" + mark(entry.difference)
    }

    mutating func cell(_ entry: TableEntry<String>) -> String {
      "\(entry.ours ?? "-"), paper \(entry.paper)" + mark(entry.difference)
    }

    private mutating func mark(_ sentence: String?) -> String {
      guard let sentence else { return "" }
      if let index = sentences.firstIndex(of: sentence) { return " [\(index + 1)]" }
      sentences.append(sentence)
      return " [\(sentences.count)]"
    }
  }

  private static func grid(title: String, names: [String], rows: [(name: String, cells: [String])]) -> String {
    let lines = [[""] + names] + rows.map { [$0.name] + $0.cells }
    let widths = (0...names.count).map { column in lines.map { $0[column].count }.max() ?? 0 }
    let text = lines.map { line in
      var padded = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      while padded.last == " " { padded.removeLast() }
      return padded
    }
    return ([title] + text).joined(separator: "\n")
  }
}

/// A number with so many digits behind the point.
private func decimal(_ number: Double, places: Int) -> String {
  let scale = elementary_pow(10, Double(places))
  let whole = Int((number.magnitude * scale).rounded())
  let digits = String(whole)
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let text = places == 0 ? padded : "\(padded.dropLast(places)).\(padded.suffix(places))"
  return number < 0 ? "-" + text : text
}
