import Allocation
import ArgumentParser
import Trace

/// `airsplit check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Holds any solver's answers against the constraints, the closed form and our optimum.",
    discussion: """
      ANSWERS has one answer for each problem of INSTANCES, in the same order: {"policies": {"name": {"objective": ..., \
      "assignments": [{"device": ..., "block": ..., "power_w": ..., "bits": ...}, ...]}}}; other keys are skipped and \
      'objective' may be left out. Exit code 0 if all holds, 1 if anything is violated.

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
        "\(instancePath) has \(instances.count) instances, \(answerPath) has \(answers.count) answers; they must agree")
    }
    let checks = zip(instances, answers).enumerated().flatMap { index, pair in
      AnswerCheck.checks(of: pair.1, to: pair.0).map { (instance: index + 1, check: $0) }
    }
    switch format {
    case .table: try StandardStreams.write(text(checks))
    case .json: try StandardStreams.write(json(checks))
    }
    let wrong = checks.count { !$0.check.findings.isEmpty }
    if wrong > 0 { throw CommandError.failure("\(wrong) of \(checks.count) answers are wrong") }
  }

  private func text(_ checks: [(instance: Int, check: AnswerCheck)]) -> String {
    var table = TextTable([
      .numbers("instance"), .words("policy"), .numbers("objective"), .numbers("claimed"), .numbers("optimum"),
      .numbers("gap"), .words("verdict"),
    ])
    var findings = ""
    for (instance, check) in checks {
      let figures = [check.objective, check.claimedObjective, check.optimum, check.gap].map(TextTable.cell)
      let verdict = check.findings.isEmpty ? "ok" : "\(check.findings.count) wrong"
      table.append(["\(instance)", check.policy] + figures + [verdict])
      for finding in check.findings { findings += "instance \(instance), \(check.policy): \(finding)\n" }
    }
    return table.text + findings
  }

  private func json(_ checks: [(instance: Int, check: AnswerCheck)]) -> JSONValue {
    let members = checks.map { instance, check -> JSONValue in
      [
        "instance": .integer(instance), "policy": .string(check.policy), "ok": .bool(check.findings.isEmpty),
        "objective": .number(check.objective),
        "objective_claimed": check.claimedObjective.map(JSONValue.number) ?? .null,
        "objective_optimum": .number(check.optimum), "optimality_gap": check.gap.map(JSONValue.number) ?? .null,
        "findings": .array(check.findings.map(JSONValue.string)),
      ]
    }
    return ["ok": .bool(checks.allSatisfy { $0.check.findings.isEmpty }), "checks": .array(members)]
  }
}
