import Training
import Units

/// The `sweep` section, with the places of its values.
struct SweepSection {
  /// What it asks for.
  var plan = SweepPlan()
  /// The grid's axes.
  var grid: [SweepAxis] = []
  /// The axes that move together.
  var zip: [SweepAxis] = []
  /// The plan's condition, parsed.
  var condition: SweepCondition?
  /// Where the condition stands, or the section.
  var position: Diagnostic.Position
  /// Where it is said which weights are kept.
  var weightsPosition: Diagnostic.Position?
}

/// The key `sweep`.
extension ScenarioReader {
  /// The sweep; `nil` where the file has none.
  static func sweep(_ root: Section) -> SweepSection? {
    let section = root.section("sweep", "which keys vary, and how often each point is drawn")
    var sweep = SweepSection(position: section.position)
    sweep.grid = axes(section, "grid", "keys with their values, which combine each with each")
    sweep.zip = axes(section, "zip", "keys with their values, which move together")
    checkAxes(sweep, in: section)
    if let (text, value) = section.text("where", "which of the points there are: a condition on keys", default: "all") {
      sweep.position = value.position
      do {
        sweep.condition = try SweepCondition(text)
        sweep.plan.condition = text
      } catch {
        section.fail("where", value, "\(value.shown): \(error)")
      }
    }
    section.integer("repetitions", "draws of each point", in: 1...1_000_000, &sweep.plan.repetitions)
    section.choice(
      "measure",
      "run: every event of every round; allocation: what follows from each round's allocation in closed form",
      &sweep.plan.measure)
    sweep.plan.traces = traces(section)
    if let (choice, value) = section.optionalChoice(
      "weights", "which weights every run keeps, in a file of its own", of: WeightsChoice.self)
    {
      sweep.plan.weights = choice
      sweep.weightsPosition = value.position
      if sweep.plan.measure == .allocation {
        section.fail(
          "weights", value, "nothing is trained under 'measure: allocation', and there are no weights to keep")
      }
    }
    section.finish()
    sweep.plan.grid = sweep.grid.map(\.plan)
    sweep.plan.zip = sweep.zip.map(\.plan)
    return root.has("sweep") ? sweep : nil
  }

  /// Most points of a sweep, each of which is read and checked before anything begins: seconds for as many.
  static let mostPoints = 1_000_000

  /// The words that select traces, in order.
  public static let traceWords = ["rounds", "devices", "events", "bcd", "timeline", "gains", "tensors"]

  private static func traces(_ section: Section) -> [String] {
    let key = "traces"
    guard let given = section.declare(key, "traces that every run keeps in a folder of its own", default: "[]") else {
      return []
    }
    guard case .list(let items) = given.content else {
      section.fail(key, given, "\(given.shown) is not a list; write [\(traceWords.joined(separator: ", "))] or some")
      return []
    }
    return items.compactMap { item in
      guard let word = item.text, traceWords.contains(word) else {
        section.failWord(key, item, of: traceWords)
        return nil
      }
      return word
    }
  }

  /// The axes under `key`: paths with dots, mappings inside each other, or both.
  static func axes(_ section: Section, _ key: String, _ summary: String) -> [SweepAxis] {
    guard let given = section.declare(key, summary, default: "{}") else { return [] }
    guard case .map(let pairs) = given.content else {
      section.fail(key, given, "\(given.shown) is not a mapping; write 'deadline: [4 s, 5 s]' lines below it")
      return []
    }
    var axes: [SweepAxis] = []
    func collect(_ pairs: [YAMLValue.Pair], below path: [String]) {
      for pair in pairs {
        let path = path + pair.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let name = path.joined(separator: ".")
        switch pair.value.content {
        case .map(let inner) where inner.count == 1 && inner[0].key == "range":
          do {
            axes.append(SweepAxis(path: path, position: pair.position, values: try SweepRange(inner[0].value).values))
          } catch let errors as ScenarioErrors {
            for error in errors.diagnostics {
              section.reading.log.error(at: error.position, path: section.path("\(key).\(name)"), error.message)
            }
          } catch {}
        case .map(let inner) where path.count < YAMLGuard.deepest && !inner.isEmpty: collect(inner, below: path)
        case .list(let values) where !values.isEmpty:
          axes.append(SweepAxis(path: path, position: pair.position, values: values))
        default:
          section.reading.log.error(
            at: pair.value.position, path: section.path("\(key).\(name)"),
            "\(pair.value.shown) gives no values; write a list, or {range: {start: 3 s, stop: 8 s, step: 0.5 s}}")
        }
      }
    }
    collect(pairs, below: [])
    return axes
  }

  /// What is wrong with axes beside each other.
  private static func checkAxes(_ sweep: SweepSection, in section: Section) {
    func fail(_ axis: SweepAxis, _ message: String, at position: Diagnostic.Position? = nil) {
      let key = sweep.grid.contains { $0.position == axis.position } ? "grid" : "zip"
      section.reading.log.error(
        at: position ?? axis.position, path: section.path("\(key).\(axis.name)"), message)
    }
    let all = sweep.grid + sweep.zip
    for (index, axis) in all.enumerated() {
      if let first = axis.path.first, ["sweep", "schema", "name", "provenance"].contains(first) {
        fail(axis, "'\(first)' cannot vary")
      }
      if let other = all[..<index].first(where: { $0.path.starts(with: axis.path) || axis.path.starts(with: $0.path) })
      {
        fail(axis, other.path == axis.path ? "varies twice" : "varies with '\(other.name)', which holds it or is in it")
      }
    }
    for axis in sweep.grid {
      var seen: Set<String> = []
      for value in axis.values where !seen.insert(value.flowText.replacing(" ", with: "")).inserted {
        fail(axis, "\(ShownText.quoted(value.flowText)) stands twice", at: value.position)
      }
    }
    var rows: Set<[String]> = []
    for index in 0..<(sweep.zip.map(\.values.count).min() ?? 0) {
      let row = sweep.zip.map { $0.values[index].flowText.replacing(" ", with: "") }
      if !rows.insert(row).inserted {
        fail(
          sweep.zip[0], "these values stand together twice: \(row.joined(separator: ", "))",
          at: sweep.zip[0].values[index].position)
      }
    }
    if let longest = sweep.zip.max(by: { $0.values.count < $1.values.count }),
      let shortest = sweep.zip.first(where: { $0.values.count < longest.values.count })
    {
      fail(
        shortest,
        "has \(shortest.values.count) values and '\(longest.name)' has \(longest.values.count); keys of zip move together"
      )
    }
    var count = 1
    for length in sweep.grid.map(\.values.count) + sweep.zip.prefix(1).map(\.values.count) {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      count = overflow ? Int.max : product
    }
    if count > mostPoints {
      section.reading.log.error(
        at: section.position, path: section.path,
        "has \(count == Int.max ? "far too many" : "\(count)") points; at most \(mostPoints) are possible")
    }
  }
}

/// A key that varies, with its values as they were written.
struct SweepAxis {
  /// The key path.
  var path: [String]
  /// Where the key stands.
  var position: Diagnostic.Position
  /// The values.
  var values: [YAMLValue]

  /// The key path with dots.
  var name: String { path.joined(separator: ".") }

  /// The axis without places.
  var plan: SweepPlan.Axis { SweepPlan.Axis(path: name, values: values.map(\.flowText)) }
}

extension YAMLValue {
  /// The value on one line, so that reading it gives the same.
  var flowText: String { node.flowText }

  fileprivate var node: ResolvedNode {
    switch content {
    case .scalar(let text, let isPlain):
      if isNull {
        .scalar(.null)
      } else if isPlain, let truth = Bool(text) {
        .scalar(.bool(truth))
      } else {
        .scalar(.text(text))
      }
    case .list(let items): .list(items.map(\.node))
    case .map(let pairs): .map(pairs.map { .init($0.key, $0.value.node) })
    }
  }
}

extension ResolvedNode {
  /// A value that was printed on one line.
  fileprivate init(flow text: String) {
    let value = try? YAMLLoader.root(of: text, source: text, fixedPosition: Diagnostic.Position(text))
    self = (value ?? nil)?.node ?? .scalar(.text(text))
  }

  /// The scenario with a sweep behind its other keys.
  func with(_ sweep: SweepPlan?) -> ResolvedNode {
    guard let sweep, case .map(let entries) = self else { return self }
    func axes(_ axes: [SweepPlan.Axis]) -> ResolvedNode {
      .map(axes.map { .init($0.path, .list($0.values.map(ResolvedNode.init(flow:)))) })
    }
    var section: [Entry] = []
    if !sweep.grid.isEmpty { section.append(.init("grid", axes(sweep.grid))) }
    if !sweep.zip.isEmpty { section.append(.init("zip", axes(sweep.zip))) }
    if let condition = sweep.condition { section.append(.init("where", .scalar(.text(condition)))) }
    section.append(.init("repetitions", .scalar(.integer(sweep.repetitions))))
    section.append(.init("measure", .scalar(.text(sweep.measure.rawValue))))
    if !sweep.traces.isEmpty { section.append(.init("traces", .list(sweep.traces.map { .scalar(.text($0)) }))) }
    if let weights = sweep.weights { section.append(.init("weights", .scalar(.text(weights.rawValue)))) }
    return .map(entries + [.init("sweep", .map(section))])
  }
}
