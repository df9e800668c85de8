import Foundation
import TestSupport
import Testing

@Suite("A trainer that is a program", .enabled(if: Python.isHere, "there is no python3 here"))
struct ExternalTrainerCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Four devices with a small transformer and synthetic images.
  private static let training = """
    schema: 1
    name: small
    seed: 7
    rounds: 4
    framework: sfl
    devices: {count: 4}
    server: {}
    uplink: {blocks: 4}
    model: {image: 28, channels: 1, patch: 7, dim: 48, depth: 2, heads: 4}
    training:
      batch: 16
      local_epochs: 1
      dataset: {name: synthetic, train_limit: 320, test_limit: 60}
      partition: {kind: contiguous}

    """

  /// A trainer that learns nothing and looks at all that it is told.
  private static let fake = """
    import json, os, struct, sys, time
    sys.path.insert(0, '\(Python.helpers)')
    from airsplit_trainer import Tensor, Trainer, serve
    class Fake(Trainer):
        def __init__(self, hello, tensors):
            super().__init__(hello, tensors)
            open('starts', 'a').write('x')
            self.seen = 0
            self.samples, self.sizes = tensors['partition.samples'].numbers(), tensors['partition.sizes'].numbers()
            json.dump({'training': self.training, 'model': self.model, 'name': self.scenario['name'],
                       'shapes': {name: tensor.shape for name, tensor in tensors.items()}}, open('told.json', 'w'))
        def held(self, device):
            start = sum(self.sizes[:device])
            return self.samples[start:start + self.sizes[device]]
        def train(self, round, tensors):
            for p in round['participants']:
                rows = tensors[f"batches.{p['device']}"]
                visited = [n for n in rows.numbers() if n >= 0]
                assert sorted(visited) == sorted(self.held(p['device']) * self.training['local_epochs'])
                assert rows.shape[0] == p['steps'] and rows.shape[1] <= self.training['batch']
                self.seen += len(visited)
            assert abs(sum(p['weight'] for p in round['participants']) - 1) < 1e-12
            return {'train_loss': 1000 / self.seen, 'test_loss': 2.5 if round['evaluate'] else None,
                    'test_accuracy': self.seen / 10000 if round['evaluate'] else None}
        def save(self):
            return {'seen': self.seen}, {'twice': Tensor('float64', (2,), struct.pack('<2d', self.seen, self.seen))}
        def restore(self, state, tensors):
            self.seen = state['seen']
            assert tensors['twice'].numbers() == [self.seen, self.seen]
        def weights(self):
            return {n.removeprefix('weights.'): t for n, t in self.tensors.items() if n.startswith('weights.')}
        @staticmethod
        def profile(model):
            return {'payload': {'sample': 128, 'activations': 98304, 'device_weights': 23837184, 'parameters': 109482240},
                    'work': {'device_forward': '1 MFLOP', 'device_backward': '2 MFLOP', 'forward': '22.4 GFLOP'}}

    """

  /// Writes `s.yaml` with a trainer of this Python text.
  private func scenario(
    _ python: String = "serve(Fake)", timeout: String = "50 s", base: String = Self.training, more: String = ""
  ) throws {
    try folder.write(Self.fake + python + "\n", to: "trainer.py")
    try folder.write(
      base + "  trainer: {external: {command: [python3, trainer.py], timeout: \(timeout)}}\n" + more, to: "s.yaml")
  }

  private func run(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, in: folder) }

  private func column(_ name: String, of file: String) throws -> [String] {
    let rows = try folder.lines(file).filter { !$0.isEmpty }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let place = try #require(rows.first?.firstIndex(of: name))
    return rows.dropFirst().map { $0[place] }
  }

  @Test("runs only where it is allowed to")
  func refusal() throws {
    try scenario()
    let commands = [["run", "s.yaml"], ["sweep", "s.yaml"], ["compare", "s.yaml", "--policies", "exact,ep"]]
    for arguments in commands {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("the scenario starts a program, 'python3' 'trainer.py', "), "\(outcome.errors)")
    }
    #expect(try run("validate", "s.yaml").status == 0)
    #expect(!folder.has("starts"))
  }

  @Test("says so where it merges no versions of the model, or makes another one")
  func versions() throws {
    let settings = ["--allow-external", "--out", "r", "--quiet", "--set", "aggregation={mode: asynchronous}"]
    try scenario()
    let refused = try Tool.run(["run", "s.yaml"] + settings, in: folder)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("this trainer merges no versions of the model; "), "\(refused.errors)")
    try scenario(
      """
      class Wrong(Fake):
          merges_versions = True
          def train(self, round, tensors):
              return {'train_loss': 1.0, 'version': round['round'] + (2 if round['round'] == 3 else 1)}
      serve(Wrong)
      """)
    let wrong = try Tool.run(["run", "s.yaml", "--force"] + settings, in: folder)
    #expect(wrong.status == 1)
    #expect(
      wrong.errors.contains("made version 5 of the model in round 3, whose merge makes version 4"), "\(wrong.errors)")
  }

  @Test("is told the partition, every mini-batch and the first weights, and its figures are the run's")
  func whole() throws {
    try scenario(more: "  evaluate_every: 2\n")
    let outcome = try run(
      "run", "s.yaml", "--allow-external", "--out", "r", "--quiet", "--save-weights", "w.safetensors")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try column("train_loss", of: "r/rounds.csv").map { Double($0) } == [320, 640, 960, 1280].map { 1000 / $0 })
    #expect(try column("test_accuracy", of: "r/rounds.csv") == ["", "0.064", "", "0.128"])
    #expect(try column("test_accuracy_local", of: "r/rounds.csv") == ["", "", "", ""])

    let told = try object(folder.text("told.json"))
    let shapes = try #require(told["shapes"] as? [String: [Int]])
    #expect(shapes["train.images"] == [320, 1, 28, 28] && shapes["test.labels"] == [60])
    #expect(shapes["partition.sizes"] == [4] && shapes["partition.samples"] == [320])
    #expect(shapes["weights.blocks.1.mlp.fc1.weight"] == [192, 48])
    #expect((told["training"] as? [String: Any])?["aggregation"] as? String == "averaged")
    #expect((told["model"] as? [String: Any])?["cut"] as? String == "embedding")

    // Weights that nobody trains are those that AirSplit's own trainer would begin from.
    let own = try run(
      "run", "s.yaml", "--set", "training.trainer=vit", "--set", "training.optimizer.learning_rate=0", "--rounds", "1",
      "--out", "own", "--quiet", "--save-weights", "own.safetensors")
    #expect(own.status == 0, "\(own.errors)")
    #expect(try folder.data("w.safetensors") == folder.data("own.safetensors"))
    #expect(try folder.data("r/partition.csv") == folder.data("own/partition.csv"))

    let starts = try folder.data("starts").count
    let explained = try run("explain", "r", "--round", "2", "--device", "0")
    #expect(explained.status == 0 && explained.output.hasPrefix("Device 0 "), "\(explained.errors)")
    #expect(try folder.data("starts").count == starts, "explaining trains nothing")

    let again = try run("run", "r/scenario.yaml", "--allow-external", "--out", "again", "--quiet")
    #expect(again.status == 0, "the resolved scenario reads back: \(again.errors)")
    #expect(try folder.data("again/rounds.csv") == folder.data("r/rounds.csv"))
  }

  @Test("goes on from a checkpoint with what it had learned, whether it dies or its run does")
  func resume() throws {
    try scenario()
    #expect(try run("run", "s.yaml", "--allow-external", "--out", "whole", "--quiet").status == 0)
    for death in ["sys.exit(3)", "os.kill(os.getppid(), 9); os.kill(os.getpid(), 9)"] {
      try scenario(
        """
        class Dying(Fake):
            def train(self, round, tensors):
                if round['round'] == 3 and not os.path.exists('died'):
                    open('died', 'w')
                    \(death)
                return super().train(round, tensors)
        serve(Dying)
        """)
      let outcome = try run(
        "run", "s.yaml", "--allow-external", "--out", "r", "--quiet", "--checkpoint-every", "1", "--force")
      #expect(outcome.status == 1, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("error: round 3: trainer external: 'python3 trainer.py' "), "\(outcome.errors)")
      #expect(outcome.errors.contains("; go on after round 2 with: "), "\(outcome.errors)")
      let resumed = try run("run", "--resume", "r", "--allow-external", "--quiet")
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try folder.data("r/rounds.csv") == folder.data("whole/rounds.csv"))
      try FileManager.default.removeItem(atPath: folder.path("died"))
    }
  }

  @Test("gives the weights of its best round, also after it has died")
  func bestWeights() throws {
    try scenario(
      """
      class Learning(Fake):
          def train(self, round, tensors):
              if round['round'] == 3 and os.path.exists('dies'):
                  os.remove('dies')
                  sys.exit(3)
              accuracy = [None, 0.4, 0.4, 0.2][round['round'] - 1]
              return {**super().train(round, tensors), 'test_accuracy': accuracy}
          def weights(self):
              return {'seen': Tensor('float32', (1,), struct.pack('<f', self.seen))}
      serve(Learning)
      """)
    let arguments = ["run", "s.yaml", "--allow-external", "--quiet"]
    let kept = ["--save-weights", "w", "--save", "best"]
    #expect(try Tool.run(arguments + ["--out", "whole"] + kept, in: folder).status == 0)
    let best = try folder.data("w")
    #expect(
      try Tool.run(arguments + ["--out", "short", "--rounds", "2", "--save-weights", "short.w"], in: folder).status == 0
    )
    #expect(try folder.data("short.w") == best)
    try folder.write("", to: "dies")
    #expect(
      try Tool.run(arguments + ["--out", "r", "--checkpoint-every", "1"] + kept, in: folder).status == 1)
    #expect(try run("run", "--resume", "r", "--allow-external", "--save-weights", "again.w").status == 0)
    #expect(try folder.data("again.w") == best)
    #expect(try folder.data("r/checkpoint/best-2.safetensors") == best)

    let nothing = try Tool.run(arguments + ["--out", "one", "--rounds", "1"] + kept, in: folder)
    #expect(nothing.status == 1 && nothing.errors.contains("one: has no best weights: no round was judged on a test"))
    #expect(nothing.errors.contains(" --save-weights w --save last --allow-external"), "\(nothing.errors)")
    let last = try run("run", "--resume", "one", "--save-weights", "w", "--save", "last", "--allow-external")
    #expect(last.status == 0, "\(last.errors)")
  }

  /// What a trainer says in round 2, and what its user is told. `answer` is the learning, `out` where frames go.
  private static let misdeeds = [
    ("sys.exit(3)", "ended with exit code 3"),
    ("raise ValueError('what now')", "says: ValueError: what now"),
    ("time.sleep(100)", "did not answer within"),
    (
      "out.write(b'garbage, and more of it')",
      "sent what is no frame: a header of 1651663207 bytes; 16777216 are allowed"
    ),
    ("out.write(b'\\x04\\0\\0\\0nope')", "sent a header that is no JSON (1:1: "),
    ("out.write(b'\\x04\\0'); out.flush(); time.sleep(100)", "wrote 2 of 4 bytes within"),
    ("answer['round'] = 7", "answered for round 7, and this is round 2"),
    ("answer['type'] = 'lerning'", "answered 'lerning' where 'learning' was due"),
    ("del answer['type']", "answered without a 'type': {"),
    ("answer['test_accuracy'] = 1.5", "answered 'test_accuracy': 1.5, which is no such figure"),
    ("answer['train_loss'] = 'low'", "answered 'train_loss': \"low\", which is no such figure"),
    (
      "answer['tensors'] = [{'name': 'x', 'type': 'float32', 'shape': [1]}]",
      "sent 1 tensors with 'learning', which has"
    ),
    ("answer['tensors'] = [{'name': 'x', 'type': 'float33', 'shape': [1]}]", "which cannot be; types are float32, "),
    ("answer['tensors'] = [{'name': 'x', 'type': 'int8', 'shape': [-1]}]", "which cannot be; types are float32, "),
    ("answer['tensors'] = [{'name': 'x', 'type': 'int8', 'shape': [2**40, 2**40]}]", "which cannot be; types are"),
    ("answer['tensors'] = 5", "announced 'tensors' that are no list"),
  ]

  @Test("that misbehaves ends the run with what it did", arguments: misdeeds)
  func misbehaviour(_ python: String, _ message: String) throws {
    try scenario(
      """
      out = os.fdopen(os.dup(1), 'wb')
      class Bad(Fake):
          def train(self, round, tensors):
              answer = {'type': 'learning', 'round': round['round'], **super().train(round, tensors)}
              if round['round'] == 2:
                  \(python)
                  text = json.dumps(answer).encode()
                  out.write(struct.pack('<I', len(text)) + text)
                  out.flush()
                  time.sleep(100)
              return answer
      serve(Bad)
      """, timeout: python.contains("sleep") ? "2 s" : "50 s")
    let began = ContinuousClock.now
    let outcome = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("error: round 2: trainer external: 'python3 trainer.py' "), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.contains("; go on from the start with: "), "\(outcome.errors)")
    #expect(began.duration(to: .now) < .seconds(60))
  }

  @Test(
    "whose state or weights are not what they should be is told so",
    arguments: [
      (
        "def save(self): return {}, {'x': Tensor('int8', (2**60,), b'')}", "sent tensors of 1152921504606846976 bytes; "
      ),
      ("def save(self): return {}, {'x': Tensor('int8', (9,), b'no')}", "wrote 2 of 9 bytes within"),
      (
        "def weights(self): return {'x': Tensor('int8', (2,), b'no')}", "sent the weights 'x' as int8; they are float32"
      ),
    ])
  func badTensors(_ method: String, _ message: String) throws {
    try scenario(
      """
      class Bad(Fake):
          \(method)
      serve(Bad)
      """, timeout: "3 s")
    let outcome = try run(
      "run", "s.yaml", "--allow-external", "--out", "r", "--quiet", "--checkpoint-every", "2", "--save-weights", "w")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("trainer external: 'python3 trainer.py' \(message)"), "\(outcome.errors)")
    #expect(!folder.has("w") && !folder.has("w.partial"))
  }

  @Test("works in sweeps, one program a worker, and in comparisons")
  func sweeps() throws {
    let sweep = "sweep: {grid: {rounds: [1, 2]}, repetitions: 3}\n"
    try scenario(more: sweep)
    var tables: [Data] = []
    for jobs in [1, 3] {
      let outcome = try run("sweep", "s.yaml", "--allow-external", "--jobs", "\(jobs)", "--out", "j\(jobs)", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      tables.append(try folder.data("j\(jobs)/runs.csv"))
    }
    #expect(tables[0] == tables[1])
    #expect(try run("status", "j1").output.hasSuffix("missing: 0\n"))
    try folder.write(folder.text("trainer.py") + "# edited\n", to: "trainer.py")
    #expect(try run("status", "j1").output.hasSuffix("missing: 6\n"), "another program, other results")
    let compared = try run(
      "compare", "s.yaml", "--allow-external", "--set", "framework=sflam", "--policies", "exact,ep", "--metric",
      "test_accuracy", "--repetitions", "3", "--format", "csv")
    #expect(compared.status == 0 && compared.output.contains("\nep,test_accuracy,3,"), "\(compared.errors)")
  }

  @Test("trains the runs of a sweep without checkpoints where it saves no state, and with them where it does")
  func sweepCheckpoints() throws {
    let sweep = "sweep: {repetitions: 3}\n"
    try scenario(more: sweep)
    let outcome = try run(
      "sweep", "s.yaml", "--allow-external", "--jobs", "1", "--checkpoint-every", "2", "--out", "saving", "--quiet")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let stateless = """
      class Stateless(Fake):
          def save(self): raise RuntimeError('no state')
      serve(Stateless)
      """
    try scenario(stateless, more: sweep)
    let without = try run(
      "sweep", "s.yaml", "--allow-external", "--jobs", "1", "--checkpoint-every", "2", "--out", "stateless", "--quiet")
    #expect(without.status == 0, "\(without.errors)")
    #expect(
      without.errors.contains("warning: base/rep-000 saves no checkpoint and has to begin anew: trainer external: "),
      "\(without.errors)")
    #expect(without.errors.components(separatedBy: "warning: ").count == 2, "one attempt: \(without.errors)")
    #expect(try folder.data("stateless/runs.csv") == folder.data("saving/runs.csv"))
    #expect(!folder.has("stateless/unfinished"))
  }

  @Test("is not begun for more samples, or more weights, than there can be")
  func tooMuch() throws {
    try scenario()
    let weights = ["model={image: 28, channels: 1, patch: 7, dim: 65536, depth: 1024, heads: 4}"]
    let samples = ["training.dataset=null", "devices.count=3000", "devices.samples=1000000"]
    for (settings, message) in [
      (weights, "weights do not fit into "),
      (samples, "trainer external: the devices have 3000000000 samples, and 2147483647 can be numbered"),
    ] {
      let outcome = try Tool.run(
        ["run", "s.yaml", "--allow-external", "--out", "r", "--quiet"] + settings.flatMap { ["--set", $0] }, in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
    #expect(!folder.has("starts"))
  }

  /// BERT on text: no images and no shape.
  private static let text = """
    schema: 1
    name: text
    rounds: 2
    framework: sfl
    devices: {count: 4, samples: 40}
    server: {}
    uplink: {blocks: 4}
    deadline: 60 s
    model: {name: bert-base, profile: external}
    training:
      batch: 16
      local_epochs: 1

    """

  @Test("says what its model weighs, whatever it is, and trains it on data of its own")
  func profile() throws {
    try scenario(base: Self.text)
    let asked = try run("validate", "s.yaml")
    #expect(asked.status == 2)
    #expect(
      asked.errors.contains(
        "s.yaml:9:35: error: model.profile: the figures are the trainer's to tell; 'airsplit profile s.yaml "
          + "--allow-external' asks it and prints what to write here"), "\(asked.errors)")
    #expect(try run("profile", "s.yaml").status == 2)
    let answer = try run("profile", "s.yaml", "--allow-external")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("      activations: 98304\n"), "\(answer.output)")

    let given = Self.text.replacing("model: {name: bert-base, profile: external}\n", with: answer.output)
    try scenario(base: given)
    let outcome = try run("run", "s.yaml", "--allow-external", "--out", "r", "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try column("train_loss", of: "r/rounds.csv") == ["6.25", "3.125"])
    #expect(
      try object(folder.text("told.json"))["shapes"] as? [String: [Int]] == [
        "partition.sizes": [4], "partition.samples": [160],
      ])
  }

  @Test("that says nothing sensible of its model is told so, and one that is not there cannot be asked")
  func badProfile() throws {
    try scenario(
      """
      class Bad(Fake):
          @staticmethod
          def profile(model): return {'payload': {'activation': 5}}
      serve(Bad)
      """, base: Self.text)
    let outcome = try run("profile", "s.yaml", "--allow-external")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains("model.profile.payload.activation: there is no such key"), "\(outcome.errors)")
    try folder.write(Self.text, to: "none.yaml")
    let none = try run("profile", "none.yaml", "--allow-external")
    #expect(none.status == 2 && none.errors.contains("none.yaml: there is no program to ask"), "\(none.errors)")
  }
}
