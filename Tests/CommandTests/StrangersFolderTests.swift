import Foundation
import Testing

@Suite("A folder of results from a stranger", .timeLimit(.minutes(2)))
struct StrangersFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  /// What somebody may have put in a file's place.
  enum Trap: String, CaseIterable {
    case endless, pipe, socket, folder, link, hugeFile

    /// What a message says of it.
    var words: String {
      switch self {
      case .endless, .link: "is a link, and links in a folder of results are not followed"
      case .pipe: "is a pipe"
      case .socket: "is a socket"
      case .folder: "is a folder"
      case .hugeFile: "is larger than"
      }
    }
  }

  private func lay(_ trap: Trap, at name: String) throws {
    let path = folder.path(name)
    try? FileManager.default.removeItem(atPath: path)
    switch trap {
    case .endless: #expect(symlink("/dev/zero", path) == 0)
    case .pipe: #expect(mkfifo(path, 0o644) == 0)
    case .socket:
      // A path of the working folder, since an address holds a hundred letters at most.
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let short = "/tmp/airsplit-\(UUID().uuidString.prefix(8))"
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(bound == 0 && rename(short, path) == 0)
      close(descriptor)
    case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case .link:
      try folder.write("outside", to: "outside")
      #expect(symlink(folder.path("outside"), path) == 0)
    case .hugeFile:
      try folder.write("", to: name)
      #expect(truncate(path, 1 << 33) == 0)
    }
  }

  private func expectRefusal(_ arguments: [String], _ words: String, _ comment: Comment) throws {
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == 2, comment)
    #expect(outcome.errors.contains("error: ") && outcome.errors.contains(words), "\(comment): \(outcome.errors)")
  }

  @Test("holds a run whose manifest is none: every command says what it is", arguments: Trap.allCases)
  func manifest(trap: Trap) throws {
    #expect(try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder).status == 0)
    try lay(trap, at: "r/manifest.json")
    for command in [
      ["report", "r"], ["explain", "r", "--round", "1", "--device", "0"], ["run", "--resume", "r"],
      ["run", "small.yaml", "--out", "r", "--force"],
    ] { try expectRefusal(command, trap.words, "\(trap): \(command)") }
  }

  @Test("holds traces that are none", arguments: ["rounds.csv", "devices.csv", "scenario.yaml"])
  func traces(name: String) throws {
    #expect(try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder).status == 0)
    for trap in [Trap.endless, .pipe, .link, .folder] {
      try lay(trap, at: "r/\(name)")
      for command in [["report", "r"], ["explain", "r", "--round", "1", "--device", "0"]] {
        try expectRefusal(command, "r/\(name): \(trap.words)", "\(trap): \(command)")
      }
    }
  }

  @Test("holds a sweep whose files are none", arguments: ["sweep.json", "scenario.yaml", "journal/0-x.csv", "journal"])
  func sweep(name: String) throws {
    let sweep = "{grid: {policy: [exact, bcd]}, repetitions: 2}"
    #expect(
      try Tool.run("sweep", "small.yaml", "--set", "sweep=\(sweep)", "--out", "s", "--quiet", in: folder).status == 0)
    for trap in [Trap.endless, .pipe, .link] {
      try lay(trap, at: "s/\(name)")
      for command in [
        ["status", "s"], ["merge", "s"], ["report", "s"], ["compare", "s"], ["sweep", "--resume", "s"],
      ] { try expectRefusal(command, "s/\(name): \(trap.words)", "\(trap): \(command)") }
    }
  }

  @Test("cannot have a sweep's tables or locks, or a report, written outside")
  func writing() throws {
    let sweep = "{grid: {policy: [exact, bcd]}, repetitions: 2}"
    #expect(
      try Tool.run("sweep", "small.yaml", "--set", "sweep=\(sweep)", "--out", "s", "--quiet", in: folder).status == 0)
    for (name, command) in [
      ("s/locks/whole", ["sweep", "--resume", "s"]), ("s/locks/begin", ["merge", "s"]),
      ("s/points.csv", ["merge", "s"]), ("s/points.csv.partial", ["merge", "s"]),
      ("s/report.html.partial", ["report", "s"]),
    ] {
      let before = folder.has(name) ? try folder.data(name) : nil
      try lay(.link, at: name)
      if name == "s/points.csv.partial" { try FileManager.default.removeItem(atPath: folder.path("s/points.csv")) }
      try expectRefusal(command, "\(name): is a link", "\(command)")
      #expect(try folder.text("outside") == "outside", "\(name)")
      try FileManager.default.removeItem(atPath: folder.path(name))
      if let before { try before.write(to: folder.url.appending(path: name)) }
    }
    try lay(.pipe, at: "s/report.html")
    try expectRefusal(["report", "s"], "s/report.html: is a pipe", "a report into a pipe of the folder")
  }

  @Test("cannot have a resumed run write outside")
  func resuming() throws {
    let process = try Tool.start(
      ["run", "small.yaml", "--rounds", "100000", "--out", "r", "--checkpoint-every", "1", "--quiet"], in: folder)
    while process.isRunning, !folder.has("r/checkpoint/state.jsonl") { usleep(2000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resume = ["run", "--resume", "r", "--quiet"]

    let devices = try folder.data("r/devices.csv")
    try devices.write(to: folder.url.appending(path: "outside.csv"))
    try FileManager.default.removeItem(atPath: folder.path("r/devices.csv"))
    #expect(symlink("../outside.csv", folder.path("r/devices.csv")) == 0)
    try expectRefusal(resume, "r/devices.csv: is a link", "a trace through a link")
    #expect(try folder.data("outside.csv") == devices)
    try FileManager.default.removeItem(atPath: folder.path("r/devices.csv"))
    try devices.write(to: folder.url.appending(path: "r/devices.csv"))

    try FileManager.default.moveItem(atPath: folder.path("r/checkpoint"), toPath: folder.path("elsewhere"))
    #expect(symlink("../elsewhere", folder.path("r/checkpoint")) == 0)
    try expectRefusal(resume, "r/checkpoint: is a link", "a checkpoint through a link")
  }
}
