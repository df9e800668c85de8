import Foundation
import TestSupport
import Testing

@Suite("A policy that is a program", .enabled(if: Python.isHere, "there is no python3 here"))
struct ExternalPolicyCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(smallScenario, to: "plain.yaml")
  }

  /// Writes `s.yaml`, the small scenario with a policy of this Python text.
  private func scenario(_ python: String, rounds: Int = 4, timeout: String = "20 s", more: String = "") throws {
    try folder.write("import sys\nsys.path.insert(0, '\(Python.helpers)')\n" + python, to: "policy.py")
    try folder.write(
      smallScenario.replacing("rounds: 4", with: "rounds: \(rounds)")
        + "policy: {external: {command: [python3, policy.py], timeout: \(timeout)}}\n" + more, to: "s.yaml")
  }

  private func run(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, in: folder) }

  /// A policy that answers with the decisions of `devices.csv` in `results`, as they were written.
  private func playback(_ results: String, misbehaving: String = "") -> String {
    """
    import csv, json, os, random, time
    rows = {}
    for row in csv.DictReader(open('\(folder.path(results))/devices.csv')):
        if row['block']:
            rows.setdefault(int(row['round']), []).append({'device': int(row['device']), 'block': int(row['block']),
                'power_w': float(row['power_w']), 'bits': int(row['bits'])})
    def say(value):
        sys.stdout.write(json.dumps(value) + '\\n')
        sys.stdout.flush()
    for line in sys.stdin:
        message = json.loads(line)
        if message['type'] == 'hello':
            say({'type': 'ready', 'protocol': 1})
            continue
        round = message['round']
        answer = {'type': 'allocation', 'round': round, 'assignments': rows.get(round, [])}
    \(misbehaving)
        say(answer)
    """
  }

  @Test("runs only where it is allowed to, and the refusal says why")
  func refusal() throws {
    try scenario("open('started', 'w')")
    let commands = [["run", "s.yaml"], ["sweep", "s.yaml"], ["compare", "s.yaml", "--policies", "external"]]
    for arguments in commands {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 2)
      #expect(
        outcome.errors.contains(
          "the scenario starts a program, 'python3' 'policy.py', which could do anything that you can; if you trust the "
            + "scenario and the program, add --allow-external"), "\(outcome.errors)")
    }
    #expect(try run("validate", "s.yaml").status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path("started")))
  }

  @Test("is told again what has changed: the expected wait at the server, what a broadcast takes")
  func changingWorld() throws {
    try scenario(
      """
      from airsplit_policy import Policy, serve
      class Greedy(Policy):
          def allocate(self, round, gains):
              free, chosen = set(range(self.blocks)), []
              for device in range(len(self.devices)):
                  best = max(((self.best(device, gains[device][k]), k) for k in free if self.best(device, gains[device][k])),
                             default=None)
                  if best:
                      (_, level, power), block = best
                      chosen.append({'device': device, 'block': block, 'power_w': power, 'bits': self.bits[level]})
                      free.remove(block)
              return chosen
      serve(Greedy)
      """)
    let settings = [
      [
        "server.accelerators=1", "server.cores=2560", "server.flops_per_cycle=1", "forecast.server=mean",
        "deadline=8 s",
      ],
      ["deadline={value: 500 s, per: round}", "downlink={}", "devices.receive_power=0.1 W"],
    ]
    for settings in settings {
      let outcome = try Tool.run(
        ["run", "s.yaml", "--allow-external", "--out", "out", "--force", "--quiet"]
          + settings.flatMap { ["--set", $0] },
        in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let selected = try folder.lines("out/rounds.csv").dropFirst().compactMap {
        $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst(5).first.flatMap { Int($0) }
      }
      #expect(selected.contains { $0 > 0 })
    }
  }

  @Test(
    "is waited for after Ctrl-C or TERM, and no longer after the same once more, a second later",
    arguments: [SIGINT, SIGTERM])
  func insistence(signal: Int32) throws {
    #expect(try run("run", "plain.yaml", "--out", "built-in", "--quiet").status == 0)
    try scenario(
      playback(
        "built-in",
        misbehaving: """
              if round == 3:
                  open('asleep.new', 'w').write(str(os.getpid()))
                  os.rename('asleep.new', 'asleep')
                  time.sleep(300)
          """), timeout: "400 s")
    let process = try Tool.start(["run", "s.yaml", "--allow-external", "--out", "r", "--quiet"], in: folder)
    while process.isRunning, !folder.has("asleep") { usleep(2000) }
    let sleeper = try #require(Int32(folder.text("asleep")))
    defer { kill(sleeper, SIGKILL) }
    kill(process.processIdentifier, signal)
    usleep(1_500_000)
    #expect(process.isRunning, "it waits for the round's end")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    // Whoever waited for the round would have ended by a command's error, after five minutes.
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    #expect(try folder.lines("r/rounds.csv").count == 2 + 2)
    #expect(folder.has("r/manifest.json.partial") && !folder.has("r/manifest.json"))
  }

  @Test("gives the bytes of the built-in policy whose decisions it repeats")
  func sameBytes() throws {
    let traces = "rounds,devices,events"
    #expect(try run("run", "plain.yaml", "--out", "built-in", "--trace", traces, "--quiet").status == 0)
    try scenario(playback("built-in"))
    let outcome = try run("run", "s.yaml", "--allow-external", "--out", "outside", "--trace", traces, "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["rounds.csv", "devices.csv", "events.csv"] {
      #expect(try folder.data("outside/\(name)") == folder.data("built-in/\(name)"), "\(name)")
    }
    let again = try run("run", "outside/scenario.yaml", "--allow-external", "--out", "again", "--quiet")
    #expect(again.status == 0, "the resolved scenario reads back: \(again.errors)")
    #expect(try folder.data("again/rounds.csv") == folder.data("built-in/rounds.csv"))
  }

  @Test(
    "that misbehaves ends the run with what it did",
    arguments: [
      ("sys.exit(3)", "ended with exit code 3"),
      ("raise ValueError('what now')", "ended with exit code 1; it said: ValueError: what now"),
      ("time.sleep(100)", "did not answer within 1.0 seconds"),
      ("answer = 'nothing'; print('garbage', flush=True)", "answered what is no JSON (1:1: "),
      ("print('x' * 20_000_000, flush=True)", "wrote a line of over 16777216 bytes"),
      ("answer['round'] = 7", "answered for round 7, and this is round 1"),
      ("answer['type'] = 'alocation'", "answered 'alocation' where 'allocation' was due"),
      ("del answer['assignments']", "answered no list 'assignments'"),
      ("answer['assignments'] = [{'device': 0}]", "answered assignments[0].block: missing"),
      (
        "answer['assignments'] = [{'device': 0.5, 'block': 0}]",
        "answered assignments[0].device: 0.5 is not a whole number"
      ),
      (
        "answer['assignments'] = [{'device': 0, 'blok': 0}]",
        "answered assignments[0].blok: unknown key; did you mean block?"
      ),
      (
        "answer['assignments'] = [{'device': 99, 'block': 0}]",
        "broke a constraint: (22g) device 99: there is no such device; the last is 11"
      ),
      ("answer['assignments'][0]['power_w'] = 99", "broke a constraint: (22b) device "),
      ("answer['assignments'][0]['bits'] = 77", "broke a constraint: (22c) device "),
      ("answer['assignments'][0]['power_w'] = 0.5; answer['assignments'][0]['bits'] = 33", "(22c)"),
      ("answer['assignments'][1]['block'] = answer['assignments'][0]['block']", "which device "),
      ("answer = {'type': 'error', 'message': 'I cannot'}", "says: I cannot"),
    ])
  func misbehaviour(_ python: String, _ message: String) throws {
    #expect(try run("run", "plain.yaml", "--out", "built-in", "--quiet").status == 0)
    try scenario(playback("built-in", misbehaving: "    " + python), timeout: python.contains("sleep") ? "1 s" : "50 s")
    let began = ContinuousClock.now
    let outcome = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("error: round 1: policy external: 'python3 policy.py' "), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(began.duration(to: .now) < .seconds(60))
  }

  @Test("that does not read, or is not there, is told by name")
  func silence() throws {
    try scenario("import time\ntime.sleep(100)", timeout: "1 s")
    #expect(
      try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet").errors.contains(
        "round 1: policy external: 'python3 policy.py' did not answer within 1.0 seconds"))
    try folder.write(smallScenario + "policy: {external: {command: [./no-policy]}}\n", to: "none.yaml")
    #expect(
      try run("run", "none.yaml", "--allow-external", "--out", "r", "--quiet").errors.contains(
        "policy external: './no-policy' there is no program './no-policy' (from "))
  }

  @Test("does not outlive a run that is killed, even where it ignores the end of its input")
  func orphan() throws {
    try scenario(
      """
      import os, signal, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      signal.signal(signal.SIGHUP, signal.SIG_IGN)
      open('pid.new', 'w').write(str(os.getpid()))
      os.rename('pid.new', 'pid')
      while True: time.sleep(1)
      """, timeout: "600 s")
    let run = try Tool.start(["run", "s.yaml", "--allow-external", "--out", "r", "--quiet"], in: folder)
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: folder.path("pid")) { usleep(20_000) }
    let program = try #require(pid_t(folder.text("pid")))
    #expect(kill(program, 0) == 0)
    kill(run.processIdentifier, SIGKILL)
    run.waitUntilExit()
    // A process that has ended may wait for its parent as a zombie, which can do nothing any more.
    func lives() -> Bool {
      let stat = try? String(contentsOfFile: "/proc/\(program)/stat", encoding: .utf8)
      return stat.map { $0.split(separator: ")").last?.split(separator: " ").first != "Z" } ?? false
    }
    for _ in 0..<500 where lives() { usleep(20_000) }
    #expect(!lives())
  }

  /// Counts its starts, of which the stream of misbehaviour depends, so that a run that goes on meets other troubles; the
  /// answers do not.
  private static let starts = """
    import os, random
    with open('starts', 'a') as file: file.write('x')
    troubles = random.Random(os.path.getsize('starts'))

    """
  private static let trouble = """
        trouble = troubles.random()
        if trouble < 0.002: sys.exit(1)
        if trouble < 0.004: os.kill(os.getpid(), 9)
        if trouble < 0.006: say(answer)
        if trouble < 0.008: answer['assignments'] = [{'device': 3, 'block': 3, 'power_w': 9}]
        if trouble < 0.010: print('{"type": "allocation", "round":', flush=True)
        if trouble < 0.011: time.sleep(2)
        if trouble > 0.990:
            for letter in json.dumps(answer) + '\\n':
                sys.stdout.write(letter)
                sys.stdout.flush()
            continue
    """

  @Test("that is hostile for a thousand rounds loses none of them: the run goes on each time, to the same bytes")
  func hostile() throws {
    try folder.write(smallScenario.replacing("rounds: 4", with: "rounds: 1000"), to: "plain.yaml")
    #expect(try run("run", "plain.yaml", "--out", "built-in", "--quiet").status == 0)
    try scenario(Self.starts + playback("built-in", misbehaving: Self.trouble), rounds: 1000, timeout: "500 ms")
    var outcome = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet")
    var failures = 0
    while outcome.status == 1, failures < 300 {
      failures += 1
      #expect(outcome.errors.contains("policy external: "), "\(outcome.errors)")
      outcome =
        outcome.errors.contains("go on after round")
        ? try run("run", "--resume", "r", "--allow-external", "--quiet")
        : try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet", "--force")
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(failures > 0)
    #expect(try folder.data("r/rounds.csv") == folder.data("built-in/rounds.csv"))
    #expect(try folder.data("r/devices.csv") == folder.data("built-in/devices.csv"))
  }

  private static let turns = """
    from airsplit_policy import Policy, serve
    open('starts', 'a').write('x')
    class Turns(Policy):
        def allocate(self, round, gains):
            self.state = (self.state or 0) + 1
            usable = [n for n in range(len(gains)) if self.best(n, gains[n][0])]
            return [(usable[self.state % len(usable)], 0)] if usable else []
    serve(Turns)
    """

  @Test("goes on with the state that it asked to keep")
  func state() throws {
    try scenario(Self.turns, rounds: 8)
    #expect(try run("run", "s.yaml", "--allow-external", "--out", "whole", "--quiet").status == 0)
    let stop = "os.path.exists('stop') or round != 5 or [open('stop', 'w'), sys.exit(1)]"
    try scenario("import os\n" + Self.turns.replacing("usable = ", with: stop + "\n        usable = "), rounds: 8)
    let stopped = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet")
    #expect(stopped.status == 1 && stopped.errors.contains("go on after round 4 with: "), "\(stopped.errors)")
    #expect(try run("run", "--resume", "r", "--allow-external", "--quiet").status == 0)
    #expect(try folder.data("r/devices.csv") == folder.data("whole/devices.csv"))
  }

  /// A policy that gives block 0 to two devices in every even round, and one of them block 1 besides.
  private static let greed = """
    import json
    from airsplit_policy import Policy, serve
    told = open('told.jsonl', 'w')
    class Greed(Policy):
        def allocate(self, round, gains):
            able = [n for n in range(len(gains)) if self.best(n, gains[n][0]) and self.best(n, gains[n][1])]
            first, second = able[:2]
            return [(first, 0)] if round % 2 else [(first, 0), (second, 0), (first, 1), (second, 2)][:3]
        def learn(self, outcome):
            told.write(json.dumps([outcome["round"], len(outcome["participants"]), outcome["violations"]]) + '\\n')
            told.flush()
    serve(Greed)
    """

  @Test(
    "that breaks constraints ends the run, loses what breaks them or loses the round, and is told",
    arguments: [
      ("error", [1]), ("skip", [1, 1, 1, 1]), ("penalty", [1, 0, 1, 0]),
    ])
  func violations(rule: String, selected: [Int]) throws {
    // Powers and distances under which any device may have any block.
    try scenario(Self.greed)
    let easy = ["devices.distance=50 m", "deadline=60 s", "policies.external.on_violation=\(rule)"]
    let arguments = ["run", "s.yaml", "--allow-external", "--out", "r", "--quiet"] + easy.flatMap { ["--set", $0] }
    let outcome = try Tool.run(arguments, in: folder)
    guard rule != "error" else {
      #expect(
        outcome.status == 1
          && outcome.errors.contains("round 2: policy external: 'python3 policy.py' broke a constraint: (22f)"))
      #expect(
        outcome.errors.contains("device 1: holds block 0, which device 0 holds too, and 1 more"), "\(outcome.errors)")
      return
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = try folder.lines("r/rounds.csv").dropLast().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    func column(_ name: String) throws -> [String] {
      let place = try #require(rows[0].firstIndex(of: name))
      return rows.dropFirst().map { $0[place] }
    }
    #expect(try column("violations") == ["0", "2", "0", "2"])
    #expect(try column("devices_selected") == selected.map { "\($0)" })
    #expect(try column("objective").map { $0 == "0.0" } == selected.map { $0 == 0 })
    #expect(outcome.output.contains("violations of (22) passed over"))
    #expect(
      try object(folder.text("r/manifest.json"))["summary"].flatMap { ($0 as? [String: Any])?["violations"] as? Int }
        == 4)
    let told = try folder.lines("told.jsonl").dropLast()
    #expect(told.count == 3 && told[0] == "[1, 1, []]", "\(told)")
    #expect(
      told[1].hasPrefix("[2, \(selected[1]), [{\"constraint\": \"22f\", \"device\": 1, \"block\": 0, \"message\": "))
    #expect(
      told[1].contains(
        "{\"constraint\": \"22e\", \"device\": 0, \"block\": 1, \"message\": \"holds block 1 and also block 0\"}"))
  }

  @Test("may break constraints in a sweep, which counts them, and goes on from a checkpoint with the count")
  func violationsAreCounted() throws {
    let lenient = "policies.external.on_violation=skip"
    let easy = [
      "--set", "devices.distance=50 m", "--set", "deadline=60 s", "--set", lenient, "--allow-external", "--quiet",
    ]
    try scenario(Self.greed, more: "sweep: {grid: {policy: [external, exact]}, repetitions: 2}\n")
    #expect(try Tool.run(["sweep", "s.yaml", "--out", "w"] + easy, in: folder).status == 0)
    let rows = try folder.lines("w/runs.csv").dropLast().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let place = try #require(rows[0].firstIndex(of: "violations"))
    #expect(rows.dropFirst().map { $0[place] } == ["4.0", "4.0", "", ""])
    let stop =
      "        import os\n        if round == 3 and not os.path.exists('stop'): open('stop', 'w'); os._exit(1)\n"
    try scenario(Self.greed.replacing("        able =", with: stop + "        able ="))
    #expect(try Tool.run(["run", "s.yaml", "--out", "r"] + easy, in: folder).status == 1)
    let resumed = try run("run", "--resume", "r", "--allow-external", "--format", "json", "--quiet")
    let summary = try object(resumed.output)["summary"] as? [String: Any]
    #expect(summary?["violations"] as? Int == 4, "\(resumed.errors)")
  }

  @Test("that answers what is no allocation ends the run whatever the rule")
  func shapeless() throws {
    try scenario(
      "from airsplit_policy import *\nclass P(Policy):\n  def allocate(self, r, g): return [{'device': 'x', 'block': 0}]\nserve(P)"
    )
    let outcome = try run(
      "run", "s.yaml", "--allow-external", "--quiet", "--set", "policies.external.on_violation=penalty")
    #expect(
      outcome.status == 1 && outcome.errors.contains("answered assignments[0].device: \"x\" is not a whole number"),
      "\(outcome.errors)")
    let word = try run("validate", "s.yaml", "--set", "policies.external.on_violation=skipp")
    #expect(word.status == 2 && word.errors.contains("did you mean 'skip'?"), "\(word.errors)")
  }

  @Test("may answer in the numbers of numpy, and it, its libraries and its children may print what they like")
  func numbersAndPrinting() throws {
    try scenario(
      """
      import ctypes, subprocess
      from airsplit_policy import Policy, serve
      try:
          from numpy import int64, float64, array
      except ImportError:
          class int64:
              def __init__(self, value): self.value = value
              def tolist(self): return self.value
          array, float64 = int64, float
      libc = ctypes.CDLL(None)
      class P(Policy):
          def allocate(self, round, gains):
              print("a line of Python")
              libc.puts(b"a line of C")
              libc.fflush(None)
              subprocess.run(["sh", "-c", "echo a line of a child; cat"])
              self.state = {"counts": array([1, 2]), "mean": float64(0.5), "wide": array(7)}
              able = [n for n in range(len(gains)) if self.best(n, gains[n][0])]
              return [{"device": int64(able[0]), "block": int64(0)}, (int64(able[1]), array(1))][:1 + (self.best(able[1], gains[able[1]][1]) is not None)]
      serve(P)
      """)
    let outcome = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet", "--set", "deadline=60 s")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("may be the example of the helper's own description, in twenty draws")
  func docstring() throws {
    let helper = try String(contentsOfFile: "\(Python.helpers)/airsplit_policy.py", encoding: .utf8)
    let example = helper.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      .prefix { $0.isEmpty || $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
    #expect(example.hasPrefix("from airsplit_policy import") && example.contains("serve(Strongest)"))
    try scenario(example)
    let compared = try run(
      "compare", "s.yaml", "--allow-external", "--policies", "exact,external", "--metric", "objective", "--repetitions",
      "20", "--format", "csv")
    #expect(compared.status == 0 && compared.output.contains("\nexternal,objective,20,"), "\(compared.errors)")
  }

  @Test("works in sweeps, one program a worker, with the same bytes on any number of them, and in comparisons")
  func sweeps() throws {
    let sweep = "sweep: {grid: {deadline: [5 s, 8 s], policy: [exact, external]}, repetitions: 6}\n"
    try scenario(Self.turns, rounds: 3, more: sweep)
    var tables: [Data] = []
    for jobs in [1, 3] {
      try? FileManager.default.removeItem(atPath: folder.path("starts"))
      let outcome = try run("sweep", "s.yaml", "--allow-external", "--jobs", "\(jobs)", "--out", "j\(jobs)", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect((1...jobs).contains(try folder.data("starts").count))
      tables.append(try folder.data("j\(jobs)/runs.csv"))
    }
    #expect(tables[0] == tables[1])
    #expect(try run("status", "j1").output.hasSuffix("missing: 0\n"))
    try folder.write(folder.text("policy.py") + "# edited\n", to: "policy.py")
    #expect(try run("status", "j1").output.hasSuffix("missing: 12\n"), "another program, other results")
    let compared = try run(
      "compare", "s.yaml", "--allow-external", "--policies", "exact,external", "--metric", "objective", "--repetitions",
      "5", "--format", "csv")
    #expect(compared.status == 0 && compared.output.contains("\nexternal,objective,5,"), "\(compared.errors)")
  }

  @Test(
    "may be any of the examples", arguments: ["greedy", "round_robin", "proportional_fair", "bandit", "exact_scipy"])
  func examples(name: String) throws {
    let place = "\(Python.helpers)/examples/\(name).py"
    guard name != "exact_scipy" || Python.has("scipy") else { return print("skipped: there is no scipy here") }
    let command = "policies: {external: {command: [python3, \(place)], timeout: 60 s}}\n"
    try folder.write(smallScenario + command, to: "e.yaml")
    let outcome = try run(
      "run", "e.yaml", "--policy", "external", "--allow-external", "--out", "r", "--quiet", "--set", "rounds=6")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let gaps = try folder.lines("r/rounds.csv").dropLast()
    let column = try #require(gaps.first?.split(separator: ",").firstIndex(of: "optimality_gap"))
    for row in gaps.dropFirst() {
      let gap = try #require(Double(row.split(separator: ",", omittingEmptySubsequences: false)[column]))
      #expect(gap > -1e-9 && gap < (name == "exact_scipy" ? 1e-9 : 0.95), "\(name): \(row)")
    }
  }

  @Test("that learns from rounds decides in a run that goes on as in one that was never stopped")
  func learning() throws {
    let command = "policies: {external: {command: [python3, \(Python.helpers)/examples/bandit.py], timeout: 60 s}}\n"
    try folder.write(smallScenario + command, to: "e.yaml")
    let arguments = ["run", "e.yaml", "--policy", "external", "--allow-external", "--quiet", "--set"]
    #expect(try Tool.run(arguments + ["rounds=6", "--out", "whole"], in: folder).status == 0)
    #expect(try Tool.run(arguments + ["rounds=3", "--out", "r"], in: folder).status == 0)
    #expect(try run("run", "--resume", "r", "--rounds", "6", "--allow-external", "--quiet").status == 0)
    #expect(try folder.data("r/devices.csv") == folder.data("whole/devices.csv"))
  }
}
