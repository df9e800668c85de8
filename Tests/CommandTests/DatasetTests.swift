import Foundation
import Testing

@Suite("A scenario with a data set")
struct DatasetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder.withSmallScenario()
    // The partition says who has how many samples, so the scenario may not.
    try folder.write(
      smallScenario.replacing("  samples: {integer: [100, 200]}\n", with: "")
        .replacing(
          "training: {local_epochs: 1}",
          with: "training: {local_epochs: 1, dataset: {name: synthetic, train_limit: 1500, test_limit: 100}}"),
      to: "data.yaml")
  }

  @Test("keeps its partition, which its samples and steps follow, without any training")
  func partition() throws {
    let outcome = try Tool.run("run", "data.yaml", "--out", "r", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try folder.lines("r/partition.csv").filter { !$0.isEmpty }
    #expect(
      lines.first == "device,samples,class_0,class_1,class_2,class_3,class_4,class_5,class_6,class_7,class_8,class_9")
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Int($0) } }
    #expect(rows.count == 12)
    #expect(rows.allSatisfy { $0.dropFirst(2).reduce(0, +) == $0[1] })
    #expect(rows.reduce(0) { $0 + $1[1] } == 1500)
    let manifest = try object(folder.text("r/manifest.json"))
    #expect((manifest["traces"] as? [String])?.contains("partition.csv") == true)
  }

  @Test("runs again from its own folder to the same bytes, and is explained")
  func again() throws {
    #expect(try Tool.run("run", "data.yaml", "--out", "r", in: folder).status == 0)
    let again = try Tool.run("run", "r/scenario.yaml", "--out", "s", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    for name in ["partition.csv", "devices.csv", "rounds.csv", "manifest.json"] {
      #expect(try folder.data("r/\(name)") == folder.data("s/\(name)"), "\(name)")
    }
    let explained = try Tool.run("explain", "r", "--round", "2", "--device", "1", in: folder)
    #expect(explained.status == 0 && explained.output.hasSuffix("devices.csv says the same.\n"), "\(explained.errors)")
  }

  @Test("trains on images and a partition of one's own, whose file its folder keeps")
  func own() throws {
    let images = [UInt8](0...255) + [UInt8](0..<44)
    func npy(_ shape: String, _ bytes: [UInt8]) -> Data {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }\n"
      return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes)
    }
    let data = folder.path("images")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    for (part, count) in [("train", 60), ("test", 5)] {
      let pixels = (0..<count).flatMap { image in (0..<16).map { images[(37 * image + 11 * $0) % 300] } }
      try npy("(\(count), 4, 4)", pixels).write(to: URL(fileURLWithPath: "\(data)/\(part)_images.npy"))
      try npy("(\(count), 1)", (0..<count).map { UInt8($0 % 3) })
        .write(to: URL(fileURLWithPath: "\(data)/\(part)_labels.npy"))
    }
    // Device n holds the samples n and n + 12; those from 24 on are left over.
    try folder.write(
      "device,sample\n" + (0..<24).map { "\($0 % 12),\($0)\n" }.joined(), to: "mine.csv")
    let settings = [
      "training.dataset={name: own, path: images}", "training.partition={kind: file, file: mine.csv}",
      "training.trainer=vit", "training.batch=2",
      "model={image: 4, channels: 1, patch: 2, dim: 8, depth: 1, heads: 2, classes: 3}",
    ]
    let run = try Tool.run(
      ["run", "data.yaml", "--rounds", "2", "--out", "r"] + settings.flatMap { ["--set", $0] }, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try folder.text("r/partition.csv").hasPrefix("device,samples,class_0,class_1,class_2\n0,2,2,0,0\n1,2,0,2,0\n"))
    #expect(try folder.text("r/inputs/partition.csv") == folder.text("mine.csv"))
    try FileManager.default.removeItem(atPath: folder.path("mine.csv"))
    let again = try Tool.run("run", "r/scenario.yaml", "--out", "s", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    for name in ["partition.csv", "devices.csv", "rounds.csv"] {
      #expect(try folder.data("r/\(name)") == folder.data("s/\(name)"), "\(name)")
    }
    let tooMany = try Tool.run(
      ["run", "data.yaml", "--out", "t"] + settings.flatMap { ["--set", $0] }
        + ["--set", "model.classes=2", "--set", "training.partition={kind: iid}"], in: folder)
    #expect(tooMany.status == 2)
    #expect(tooMany.errors.contains("training.dataset.path: image 2 of '"), "\(tooMany.errors)")
  }

  @Test("whose files are not there cannot be run, but is a valid scenario")
  func missing() throws {
    let setting = "training.dataset={name: cifar10, path: nowhere}"
    let run = try Tool.run("run", "data.yaml", "--set", setting, "--out", "r", in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("nowhere") && run.errors.contains("CIFAR-10 binary version"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("r")))
    let validated = try Tool.run("validate", "data.yaml", "--set", setting, in: folder)
    #expect(validated.status == 0, "\(validated.errors)")
    #expect(validated.errors.contains("data.yaml: warning: "), "\(validated.errors)")
  }

  @Test("that does not suffice is an error of the partition")
  func tooFew() throws {
    let run = try Tool.run("run", "data.yaml", "--set", "training.dataset.train_limit=60", "--out", "r", in: folder)
    #expect(run.status == 2)
    let said = try #require(
      run.errors.firstMatch(of: #/error: data\.yaml:(\d+):\d+: training\.partition: 60 training samples/#),
      "\(run.errors)")
    // The scenario gives no partition: the place is that of the section that it would stand in.
    let line = try #require(Int(said.1))
    #expect(try folder.lines("data.yaml")[line - 1].hasPrefix("training: {"))
    for more in [["--set", "training.partition={alpha: 0.5}"], ["--set", "training.partition.alpha=0.5"]] {
      let set = try Tool.run(
        ["run", "data.yaml", "--set", "training.dataset.train_limit=60", "--out", "r"] + more, in: folder)
      #expect(set.status == 2)
      #expect(set.errors.contains(": training.partition: 60 training samples"), "\(set.errors)")
    }
  }
}
