import ArgumentParser
import Experiments
import Foundation
import JSON
import Simulation
import Testing

@testable import airsplit

@Suite("Help and usage")
struct HelpTests {
  /// The words of each command that does something, `["run"]`, in the configuration's order.
  static let commands = words(of: AirSplit.self)

  private static func words(of command: any ParsableCommand.Type) -> [[String]] {
    command.configuration.subcommands.flatMap { subcommand in
      let inside = words(of: subcommand)
      return (inside.isEmpty ? [[]] : inside).map { [subcommand._commandName] + $0 }
    }
  }

  @Test("every command's help is short and shows an example", arguments: commands)
  func help(command: [String]) throws {
    let outcome = try Tool.run(command + ["--help"], in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.errors == "")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 55)
    #expect(outcome.output.firstMatch(of: #/\(values: [^)]*\)\s+\(values: /#) == nil)
    #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") })
    #expect(lines.contains { $0.hasPrefix("  airsplit \(command.joined(separator: " "))") })
  }

  @Test("the help of the program names every command")
  func overview() throws {
    for arguments in [["--help"], []] {
      let outcome = try Tool.run(arguments, in: TemporaryFolder())
      #expect(outcome.status == 0 && outcome.errors == "")
      for command in Self.commands { #expect(outcome.output.contains("\n  \(command[0]) "), "\(command)") }
    }
  }

  @Test("the version is one line")
  func version() throws {
    let outcome = try Tool.run("--version", in: TemporaryFolder())
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test("completion scripts come for the usual shells", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) throws {
    let outcome = try Tool.run("--generate-completion-script", shell, in: TemporaryFolder())
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("airsplit") && outcome.output.contains("path-loss"))
  }

  /// Command lines with a mistake, and how the first line on standard error begins.
  static let mistakes: [(arguments: [String], begins: String)] = [
    (["sovle"], "error: there is no command 'sovle'; did you mean 'solve'?"),
    (["help", "rnu"], "error: there is no command 'rnu'; did you mean 'run'?"),
    (["xyz"], "error: there is no command 'xyz'; there are run, "),
    (
      ["list", "polices"],
      "error: The value 'polices' is invalid for '<what>': there is no list 'polices'; did you mean"
    ),
    (["list"], "error: Missing expected argument '<what>'"),
    (["tables", "--format", "xml"], "error: The value 'xml' is invalid for '--format <format>'."),
    (["tables", "--fromat", "json"], "error: Unknown option '--fromat'. Did you mean '--format'?"),
    (["run"], "error: Missing expected argument '<scenario>'"),
    (
      ["run", "small.yaml", "--checkpoint-every", "-1"],
      "error: The value '-1' is invalid for '--checkpoint-every <rounds>': it must be a number of rounds from 1, "
    ),
    (["run", "nowhere.yaml"], "nowhere.yaml: error: the file does not exist"),
    (["run", "."], ".: error: the file is a folder"),
    (["run", "small.yaml", "--policy", "exat"], "--policy exat: error: policy: 'exat' is not one of"),
    (["run", "small.yaml", "--framework", "slfam"], "--framework slfam: error: framework: 'slfam' is not one of"),
    (
      ["run", "small.yaml", "--framework", "SFL"],
      "--framework SFL: error: framework: 'SFL' is not one of sflam, sfl, sfl-v2, sl, fl, ll, cl; did you mean 'sfl'?"
    ),
    (["run", "small.yaml", "--rounds", "-1"], "--rounds -1: error: rounds: '-1' is out of range"),
    (["run", "small.yaml", "--rounds", "1e18"], "--rounds 1e18: error: rounds: '1e18' is not a whole number"),
    (["run", "small.yaml", "--seed", "99999999999999999999"], "--seed 99999999999999999999: error: seed: "),
    (
      ["run", "small.yaml", "--set", "devices.cont=3"],
      "--set devices.cont=3: error: devices.cont: there is no such key"
    ),
    (["run", "small.yaml", "--set", "x"], "--set x: error: this sets nothing"),
    (
      ["run", "small.yaml", "--trace", "rounds,evnts"],
      "error: The value 'rounds,evnts' is invalid for '--trace <names>': "
    ),
    (["run", "small.yaml", "--out", ""], "error: '': is no folder"),
    (["run", "small.yaml", "--out", "small.yaml"], "error: small.yaml: is a file; name a folder for the results"),
    (["run", "small.yaml", "--out", "small.yaml/x"], "error: cannot "),
    (["draw", "small.yaml", "--count", "0"], "error: --count is 0; it may be from 1 to 16777216"),
    (["draw", "small.yaml", "--count", "-1"], "error: --count is -1; "),
    (["draw", "small.yaml", "--count", "1e18"], "error: The value '1e18' is invalid for '--count <count>'"),
    (["draw", "small.yaml", "--out", "nowhere/x.jsonl"], "error: cannot create nowhere/x.jsonl"),
    (["draw", "small.yaml", "--out", "x.txt"], "error: --out 'x.txt': the name must end in .jsonl"),
    (["draw", "small.yaml", "--set", "framework=fl"], "error: framework fl has no step on the air"),
    (["solve", "nowhere.json"], "error: nowhere.json: No such file or directory"),
    (["solve", "small.yaml"], "error: small.yaml: the name must end in .json"),
    (["solve", "bad.json"], "error: bad.json:1:14: not valid JSON"),
    (["solve", "bad.json", "--policy", "exat"], "error: --policy: there is no policy 'exat'; did you mean 'exact'?"),
    (["solve", "bad.json", "--policy", "rb,rb"], "error: --policy: 'rb' stands twice"),
    (["solve", "bad.json", "--policy", ""], "error: --policy: there is no policy ''"),
    (["solve", "bad.json", "--set", "exact.x=1"], "error: --set: policy 'exact': it has no settings"),
    (["solve", "bad.json", "--set", "bcd.tolerance=1"], "error: --set: 'bcd' is not among the policies of --policy"),
    (
      ["solve", "bad.json", "--policy", "bcd", "--set", "bcd.tolernce=1"],
      "error: --set: policy 'bcd': there is no setting 'tolernce'; did you mean 'tolerance'?"
    ),
    (
      ["solve", "bad.json", "--policy", "ep", "--set", "ep.power=-1 W"],
      "error: --set: ep.power: '-1 W' is not a power above 0 with its unit"
    ),
    (
      ["solve", "bad.json", "--policy", "bcd", "--set", "bcd=1"],
      "error: --set: 'bcd=1' is not of the form policy.key=value"
    ),
    (["check", "bad.json", "bad.json"], "error: bad.json:1:14: not valid JSON"),
    (["validate"], "error: Missing expected argument '<file> ...'"),
    (["validate", "small.yaml", "small.yaml", "--resolved"], "error: --resolved prints one scenario"),
    (
      ["explain", "nowhere", "--round", "1", "--device", "1"], "error: nowhere: is not there; name the folder of a run"
    ),
    (["explain", ".", "--round", "1", "--device", "1"], "error: .: holds no run"),
    (["explain", "small.yaml", "--round", "1", "--device", "1"], "error: small.yaml: is a file"),
    (["explain", "x", "--round", "one", "--device", "1"], "error: The value 'one' is invalid for '--round <t>'"),
  ]

  @Test(
    "a mistake ends with 2 and a sentence on standard error, nothing on standard output", arguments: mistakes.indices)
  func mistake(index: Int) throws {
    let (arguments, begins) = Self.mistakes[index]
    let folder = try TemporaryFolder.withSmallScenario()
    try folder.write("{\"schema\": 1,", to: "bad.json")
    let outcome = try Tool.run(arguments + (arguments.first == "run" ? ["--quiet"] : []), in: folder)
    let said = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("warning: ") }
    #expect(outcome.status == 2 && outcome.output == "", "\(arguments)")
    #expect(said.first?.hasPrefix(begins) == true, "\(arguments): \(outcome.errors)")
  }

  @Test("lists parse as JSON and have a name or a file in every item")
  func lists() throws {
    let folder = try TemporaryFolder()
    try folder.write(smallScenario, to: "scenarios/small.yaml")
    for topic in ["policies", "frameworks", "models", "path-loss", "large-scale", "scenarios", "metrics"] {
      let outcome = try Tool.run("list", topic, "--format", "json", in: folder)
      #expect(outcome.status == 0 && outcome.errors == "")
      let items = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
      #expect(!items.isEmpty)
      let names = items.compactMap { ($0["name"] ?? $0["file"]) as? String }
      #expect(names.count == items.count)
      let table = try Tool.run("list", topic, in: folder)
      #expect(table.status == 0)
      for name in names { #expect(table.output.contains(name)) }
    }
    let metrics = try Tool.run("list", "metrics", "--format", "json", in: folder).output
    #expect(try JSONValue(parsing: Array(metrics.utf8)).elements?.map { $0["name"]?.text } == Metric.all.map(\.name))
    #expect(try Tool.run("list", "metrics", in: folder).output.contains("\nround_energy_j "))
    #expect(try Tool.run("list", "metrics", in: folder).output.contains("\nparticipation_jain "))
    let scenarios = try Tool.run("list", "scenarios", in: folder)
    #expect(
      scenarios.output == "file                  summary\nscenarios/small.yaml  Twelve devices on three blocks.\n")
  }

  @Test("the tables hold ours and the paper's apart, unrounded")
  func tables() throws {
    let tables = try object(Tool.run("tables", "--format", "json", in: TemporaryFolder()).output)
    let columns = try #require(tables["table_2"] as? [[String: Any]])
    let memory = try #require(columns[0]["memory_mb"] as? [String: Any])
    #expect(memory["ours"] as? Double == 18.375 && memory["paper"] as? Double == 18.38)
    #expect(try Tool.run("tables", in: TemporaryFolder()).output.contains("Table II"))
  }
}
