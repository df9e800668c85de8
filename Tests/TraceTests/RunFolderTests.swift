import JSON
import Testing
import Trace

@Suite("Run folders")
struct RunFolderTests {
  private func manifest(seed: UInt64 = 7) -> Manifest {
    var manifest = Manifest(
      version: "0.1.0", name: "a \"name\", quoted", seed: seed, framework: "sflam", policy: "exact",
      scenario: ["rounds": 2, "deadline": "5.0 s"], provenance: ["deadline": "assumed"], warnings: ["half are slow"])
    manifest.events = 1234
    manifest.fingerprint = "00ff"
    manifest.traces = ["rounds.csv"]
    manifest.summary = ["energy_j": 12.5]
    return manifest
  }

  private func start(_ path: String, force: Bool = false) throws -> RunFolder {
    try RunFolder(
      creating: path, manifest: manifest(), beginning: RunBeginning(scenario: "name: x\n"), force: force)
  }

  @Test("a run leaves its scenario, its traces and a manifest marked as finished")
  func wholeRun() throws {
    let folder = try TemporaryFolder()
    let run = try start("\(folder.path)/results/deep/x/")
    #expect(run.path == "\(folder.path)/results/deep/x")
    #expect(try folder.text("results/deep/x/scenario.yaml") == "name: x\n")
    #expect(try RunFolder.manifest(in: run.path).finished == false)
    let trace = try run.open(RoundRecord.self)
    try trace.append(RoundRecord())
    try trace.flush()
    try run.finish(manifest())
    var finished = manifest()
    finished.finished = true
    #expect(try RunFolder.manifest(in: run.path) == finished)
    #expect(
      try folder.text("results/deep/x/manifest.json") == """
        {
          "airsplit": "0.1.0",
          "finished": true,
          "name": "a \\"name\\", quoted",
          "seed": 7,
          "framework": "sflam",
          "policy": "exact",
          "events": 1234,
          "fingerprint": "00ff",
          "traces": [
            "rounds.csv"
          ],
          "warnings": [
            "half are slow"
          ],
          "summary": {
            "energy_j": 12.5
          },
          "provenance": {
            "deadline": "assumed"
          },
          "scenario": {
            "rounds": 2,
            "deadline": "5.0 s"
          }
        }

        """)
  }

  @Test("a run does not go on whose inputs would be kept outside its folder")
  func inputOutside() throws {
    let folder = try TemporaryFolder()
    try folder.put("data", in: "source.csv")
    do {
      _ = try RunFolder(
        creating: "\(folder.path)/run", manifest: manifest(),
        beginning: RunBeginning(
          scenario: "name: x\n", inputs: [.init(name: "../made.csv", source: "\(folder.path)/source.csv")]))
    }
    #expect(
      throws: TraceError.folder(
        path: "\(folder.path)/run/manifest.json.partial",
        reason: "is damaged: it does not say how the run began")
    ) { try RunFolder.resume("\(folder.path)/run", version: "0.1.0") }
  }

  @Test("the partition has a row per device and a column per class, and goes with the run that wrote it")
  func partition() throws {
    let folder = try TemporaryFolder()
    do {
      let old = try start(folder.path)
      try old.write(PartitionTable(counts: [[3, 0, 4], [0, 0, 0]]))
      #expect(try folder.text("partition.csv") == "device,samples,class_0,class_1,class_2\n0,7,3,0,4\n1,0,0,0,0\n")
      try old.finish(manifest())
    }
    _ = try start(folder.path, force: true)
    #expect(try folder.names() == ["manifest.json.partial", "scenario.yaml"])
  }

  @Test("the largest seed survives the manifest")
  func largeSeed() throws {
    let large = manifest(seed: .max)
    #expect(try Manifest(json: JSONValue(parsing: large.json.text()), path: "m") == large)
  }

  @Test("a finished run is not overwritten without force")
  func finishedRun() throws {
    let folder = try TemporaryFolder()
    try start(folder.path).finish(manifest())
    #expect(
      throws: TraceError.folder(
        path: folder.path,
        reason: "holds a finished run; name another folder with --out, or overwrite it with --force")
    ) { try start(folder.path) }
    #expect(try RunFolder.manifest(in: folder.path).finished)
  }

  private func finishedRun(in path: String) throws {
    let old = try start(path)
    _ = try old.open(EventRecord.self)
    try old.finish(manifest())
  }

  @Test("force removes the old run's files and no other")
  func force() throws {
    let folder = try TemporaryFolder()
    try finishedRun(in: folder.path)
    try folder.put("my own", in: "notes.txt")
    _ = try start(folder.path, force: true)
    #expect(try folder.names() == ["manifest.json.partial", "notes.txt", "scenario.yaml"])
    #expect(try folder.text("notes.txt") == "my own")
  }

  @Test("a run that was killed before its first checkpoint is taken over without force, and that can be told")
  func killedRun() throws {
    let folder = try TemporaryFolder()
    #expect(try !start(folder.path).replacesKilledRun)
    #expect(try start(folder.path).replacesKilledRun)
    #expect(try folder.names() == ["manifest.json.partial", "scenario.yaml"])
  }

  @Test("a run with a checkpoint is not taken over without force")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    try start(folder.path).saveState([1, 2, 3], parts: [])
    #expect(throws: TraceError.unfinished(path: folder.path)) { try start(folder.path) }
    #expect(try folder.names() == ["checkpoint", "manifest.json.partial", "scenario.yaml"])
    #expect(try !start(folder.path, force: true).replacesKilledRun)
    #expect(try folder.names() == ["manifest.json.partial", "scenario.yaml"])
  }

  @Test("a run that ends while its folder is waited for stays as well")
  func endsMeanwhile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    var first: RunFolder? = try start(path)
    let second = Task.detached { try self.start(path) }
    // Long enough for the second to wait; where it is not, it sees the finished run at once, which is refused too.
    try await Task.sleep(for: .milliseconds(200))
    try first?.finish(manifest())
    first = nil
    await #expect(throws: TraceError.self) { try await second.value }
    #expect(try RunFolder.manifest(in: path).finished)
  }

  @Test("a folder with other things in it is left alone, even with force", arguments: [false, true])
  func foreign(force: Bool) throws {
    let folder = try TemporaryFolder()
    try folder.put("mine", in: "scenario.yaml")
    #expect(
      throws: TraceError.folder(
        path: folder.path,
        reason: "holds 'scenario.yaml' and no run of AirSplit, and nothing in it is overwritten; name a new folder")
    ) { try start(folder.path, force: force) }
    #expect(try folder.text("scenario.yaml") == "mine")
  }

  @Test("another program's manifest.json is left alone, even with force")
  func foreignManifest() throws {
    let folder = try TemporaryFolder()
    try folder.put("{\"name\": \"web app\"}", in: "manifest.json")
    #expect(
      throws: TraceError.folder(
        path: "\(folder.path)/manifest.json",
        reason: "is not the manifest of a run: the key 'airsplit' is missing or damaged")
    ) { try start(folder.path, force: true) }
    try folder.put("nonsense", in: "manifest.json")
    #expect(
      throws: TraceError.damaged(
        path: "\(folder.path)/manifest.json", line: 1, column: 1, reason: "no JSON value begins here")
    ) { try start(folder.path, force: true) }
    #expect(try folder.names() == ["manifest.json"])
  }

  @Test("a path that is a file, empty or beyond reach says so")
  func unusable() throws {
    let folder = try TemporaryFolder()
    try folder.put("", in: "file")
    let file = "\(folder.path)/file"
    #expect(throws: TraceError.folder(path: file, reason: "is a file; name a folder for the results")) {
      try start(file)
    }
    #expect(throws: TraceError.file(path: "\(file)/below", action: "open", reason: "Not a directory")) {
      try start("\(file)/below")
    }
    #expect(throws: TraceError.folder(path: "''", reason: "is no folder; name one")) { try start("") }
    #expect(throws: TraceError.self) { try start("/proc/airsplit") }
  }

  @Test("asking for a run where there is none says what is missing")
  func noRun() throws {
    let folder = try TemporaryFolder()
    #expect(throws: TraceError.folder(path: folder.path, reason: "holds no run: there is no manifest.json")) {
      try RunFolder.manifest(in: folder.path)
    }
    #expect(throws: TraceError.folder(path: "/nowhere", reason: "is not there; name the folder of a run")) {
      try RunFolder.manifest(in: "/nowhere")
    }
  }
}
