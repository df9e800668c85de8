/// What became of a device in a round.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
  /// It took part and finished in time.
  case ok
  /// It took part and missed the deadline.
  case late
  /// It has no memory for its part of the model and that part's training, wherever it may be cut.
  case noMemory = "no_memory"
  /// Computing alone exceeds the deadline: no block could help.
  case noTime = "no_time"
  /// No block lets it meet the deadline within its largest power.
  case noPower = "no_power"
  /// It has no link: none on any block, or none on the block that the policy drew for it.
  case noLink = "no_link"
  /// It took part and went away before it had finished.
  case left
  /// It took part and its battery ran empty before it had finished.
  case empty
  /// Its battery was below its reserve when the round began.
  case lowBattery = "low_battery"
  /// It was not there when the round began.
  case away
  /// It took part and was stopped when others merged.
  case withdrawn
  /// It took part and finished, but on too old a version of the model.
  case stale
  /// It was still at work on a version before.
  case busy
  /// It could have taken part, and the policy gave the blocks to others.
  case notSelected = "not_selected"
}

extension Outcome: CSVValue {
  /// A word.
  public static var type: FieldType { .string }
  /// Its name, `no_time`.
  public func write(to row: inout CSVRow) { row.append(rawValue) }
  /// Reads its name.
  public init?(csv text: String) { self.init(rawValue: text) }
  /// The names.
  public static var kind: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
}
