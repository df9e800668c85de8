import Foundation
import Testing

@Suite("A run that reads files beside its scenario")
struct KeptFilesTests {
  private let folder: TemporaryFolder

  /// The example of measured gains, its files beside it.
  init() throws {
    folder = try TemporaryFolder()
    let scenarios = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios").standardized
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(
        at: scenarios.appending(path: name), to: folder.url.appending(path: name))
    }
  }

  @Test("keeps copies of them, so that its folder can be moved and explained when they are gone")
  func complete() throws {
    #expect(try Tool.run("run", "measured.yaml", "--out", "run", "--quiet", in: folder).status == 0)
    #expect(try folder.data("run/inputs/fleet.csv") == folder.data("data/fleet.csv"))
    #expect(try folder.data("run/inputs/gains.csv") == folder.data("data/gains.csv"))

    let files = FileManager.default
    try files.removeItem(at: folder.url.appending(path: "data"))
    try files.createDirectory(at: folder.url.appending(path: "elsewhere"), withIntermediateDirectories: false)
    try files.moveItem(at: folder.url.appending(path: "run"), to: folder.url.appending(path: "elsewhere/run"))
    let explained = try Tool.run("explain", "elsewhere/run", "--round", "2", "--device", "1", in: folder)
    #expect(explained.status == 0)
    #expect(explained.output.hasSuffix("devices.csv says the same.\n"))
  }

  @Test("leaves none of them to a run without files that takes its place")
  func replaced() throws {
    try folder.write("time_s,device,x_m,y_m\n" + (0..<12).map { "0,\($0),80,\($0)\n" }.joined(), to: "places.csv")
    try folder.write(smallScenario, to: "small.yaml")
    let moving = ["--set", "mobility={file: places.csv}"]
    #expect(try Tool.run(["run", "small.yaml", "--out", "run", "--quiet"] + moving, in: folder).status == 0)
    #expect(folder.has("run/inputs/positions.csv"))
    #expect(try Tool.run("run", "small.yaml", "--out", "run", "--quiet", "--force", in: folder).status == 0)
    #expect(!folder.has("run/inputs/positions.csv"))
  }

  @Test("writes the same bytes wherever the scenario lies")
  func sameBytes() throws {
    let moved = folder.url.appending(path: "moved")
    try FileManager.default.createDirectory(at: moved, withIntermediateDirectories: false)
    for name in ["measured.yaml", "data"] {
      try FileManager.default.copyItem(at: folder.url.appending(path: name), to: moved.appending(path: name))
    }
    #expect(try Tool.run("run", "measured.yaml", "--out", "a", in: folder).status == 0)
    #expect(try Tool.run("run", "moved/measured.yaml", "--out", "b", in: folder).status == 0)
    for name in ["manifest.json", "scenario.yaml", "rounds.csv", "devices.csv"] {
      #expect(try folder.data("a/\(name)") == folder.data("b/\(name)"), "\(name)")
    }
  }

  @Test("can be run again from its own folder, over itself")
  func overItself() throws {
    #expect(try Tool.run("run", "measured.yaml", "--out", "run", in: folder).status == 0)
    let before = try folder.data("run/devices.csv")
    let again = try Tool.run("run", "run/scenario.yaml", "--out", "run", "--force", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.data("run/devices.csv") == before)
    #expect(try folder.data("run/inputs/fleet.csv") == folder.data("data/fleet.csv"))
  }
}
