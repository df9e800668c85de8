import Allocation
import ArgumentParser
import JSON
import Units

/// `airsplit check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks any solver's answers by the constraints, the closed form and our optimum.",
    discussion: """
      ANSWERS has one answer for each problem of INSTANCES, in the same order: {"policies": {"name": {"objective": ..., \
      "assignments": [{"device": ..., "block": ..., "power_w": ..., "bits": ...}, ...]}}}; other keys are skipped and \
      'objective' may be left out. Exit code 0 if all holds, 1 if anything is violated. Of several problems, a summary per \
      policy follows on standard error; in JSON it is the key 'summary'.

        airsplit check instances.jsonl answers.jsonl
        airsplit check instance.json answer.json --format json
      """)

  @Argument(help: ArgumentHelp("Problems, .json or .jsonl.", valueName: "instances"))
  var instancePath: String

  @Argument(help: ArgumentHelp("Answers, .json or .jsonl.", valueName: "answers"))
  var answerPath: String

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let instances = try Instance.read(path: instancePath)
    let answers = try Answer.read(path: answerPath)
    guard instances.count == answers.count else {
      throw CommandError.badInput(
        "\(instancePath) has \(counted(instances.count, "instance")), \(answerPath) has \(counted(answers.count, "answer")); they must agree"
      )
    }
    let checks = zip(instances, answers).enumerated().flatMap { index, pair in
      pair.1.verdicts(for: pair.0).map { (instance: index + 1, verdict: $0) }
    }
    var totals = PolicyTotals()
    for (_, verdict) in checks {
      totals.add(
        policy: verdict.policy, objective: verdict.objective, gap: verdict.gap, isWrong: !verdict.holds)
    }
    switch format {
    case .table: try StandardStreams.write(text(checks))
    case .json: try StandardStreams.write(json(checks, totals))
    }
    if instances.count > 1 { StandardStreams.noteText("\n" + totals.text) }
    let wrong = checks.count { !$0.verdict.holds }
    if wrong > 0 { throw CommandError.failure("\(wrong) of \(counted(checks.count, "answer")) wrong") }
  }

  private func text(_ checks: [(instance: Int, verdict: Answer.Verdict)]) -> String {
    var table = TextTable([
      .numbers("instance"), .words("policy"), .numbers("objective"), .numbers("claimed"), .numbers("optimum"),
      .numbers("gap"), .words("verdict"),
    ])
    var findings = ""
    for (instance, verdict) in checks {
      let figures = [verdict.objective, verdict.claimed, verdict.optimum, verdict.gap].map(TextTable.cell)
      table.append(
        ["\(instance)", verdict.policy] + figures + [verdict.holds ? "ok" : "\(verdict.findings.count) wrong"])
      for finding in verdict.findings { findings += "instance \(instance), \(verdict.policy): \(finding)\n" }
    }
    return table.text + findings
  }

  private func json(_ checks: [(instance: Int, verdict: Answer.Verdict)], _ totals: PolicyTotals) -> JSONValue {
    let members = checks.map { instance, verdict -> JSONValue in
      [
        "instance": .integer(instance), "policy": .string(verdict.policy), "ok": .bool(verdict.holds),
        "objective": .number(verdict.objective),
        "objective_claimed": verdict.claimed.map(JSONValue.number) ?? .null,
        "objective_optimum": .number(verdict.optimum), "optimality_gap": verdict.gap.map(JSONValue.number) ?? .null,
        "findings": .array(verdict.findings.map(JSONValue.string)),
      ]
    }
    return ["ok": .bool(checks.allSatisfy { $0.verdict.holds }), "checks": .array(members), "summary": totals.json]
  }
}

extension Answer.Verdict {
  /// Everything that is wrong, a sentence each; empty if all holds.
  fileprivate var findings: [String] {
    var sentences = violations.map(\.description)
    if let claimed, !objectiveAgrees {
      sentences.append("(21) the objective is given as \(claimed), but the values sum to \(objective)")
    }
    return sentences
  }
}
