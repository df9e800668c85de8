import JSON

/// Sums over many instances, policy by policy, in the order in which the policies came up.
struct PolicyTotals {
  /// The sums of one policy.
  struct Row {
    var policy: String
    var instances = 0
    var objective = 0.0
    var gap = 0.0
    /// Instances whose optimum is known and above 0.
    var gaps = 0
    var violations = 0

    /// Mean U, Eq. (21).
    var objectiveMean: Double { objective / Double(instances) }
    /// Mean of 1 − U / U*; `nil` where no instance has one.
    var gapMean: Double? { gaps > 0 ? gap / Double(gaps) : nil }
  }

  private(set) var rows: [Row] = []

  /// Adds a policy's answer to one instance.
  ///
  /// - Parameters:
  ///   - gap: 1 − U / U*, where it is known.
  ///   - isWrong: Whether the answer violates anything.
  mutating func add(policy: String, objective: Double, gap: Double?, isWrong: Bool = false) {
    let index =
      rows.firstIndex { $0.policy == policy }
      ?? {
        rows.append(Row(policy: policy))
        return rows.count - 1
      }()
    rows[index].instances += 1
    rows[index].objective += objective
    if let gap {
      rows[index].gap += gap
      rows[index].gaps += 1
    }
    if isWrong { rows[index].violations += 1 }
  }

  /// A table for people, one line per policy.
  var text: String {
    var table = TextTable([
      .words("policy"), .numbers("instances"), .numbers("objective_mean"), .numbers("gap_mean"), .numbers("wrong"),
    ])
    for row in rows {
      table.append(
        [row.policy, "\(row.instances)"] + [row.objectiveMean, row.gapMean].map(TextTable.cell) + ["\(row.violations)"])
    }
    return table.text
  }

  /// The same as JSON, an object per policy.
  var json: JSONValue {
    .array(
      rows.map { row in
        [
          "policy": .string(row.policy), "instances": .integer(row.instances),
          "objective_mean": .number(row.objectiveMean),
          "optimality_gap_mean": row.gapMean.map(JSONValue.number) ?? .null,
          "wrong": .integer(row.violations),
        ]
      })
  }
}
