import Datasets
import Wireless

/// The files that a scenario names beside itself, and how the folder of a run keeps them.
extension Scenario {
  /// A file that a scenario reads.
  public struct InputFile: Sendable, Hashable {
    /// The key that names it, as a path; `nil` where another file names it.
    public var key: [String]?
    /// Where it was read from.
    public var path: String
    /// Where a run keeps its copy, relative to the run's folder.
    public var keptName: String
  }

  /// The files of this scenario: the fleet's, the comings and goings', the gains', the positions', the partition's and the model's
  /// weights, where it names them. A data set and a folder of adapters are none of them: they stay where they are.
  public var inputFiles: [InputFile] {
    let files: [(key: [String], path: String?, name: String)] = [
      (["devices", "file"], devices.fileInForce?.path, "inputs/fleet.csv"),
      (["devices", "availability", "file"], devices.availabilityFile, "inputs/availability.csv"),
      (["uplink", "gains"], gains?.path, "inputs/gains.\(gains.map { Self.format(of: $0.path) } ?? "csv")"),
      (["mobility", "file"], mobility.file, "inputs/positions.csv"),
      (["training", "partition", "file"], training.partition.path, "inputs/partition.csv"),
      (["model", "weights"], weights?.path, weights?.keptName ?? ""),
    ]
    return files.compactMap { key, path, name in
      path.map { InputFile(key: key, path: $0, keptName: $0.hasSuffix(".gz") ? name + ".gz" : name) }
    } + (weights?.parts ?? [])
  }

  /// The ending of a file of gains; what it is, its bytes say.
  private static func format(of path: String) -> String {
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    return ["npy", "npz"].first { name.hasSuffix(".\($0)") } ?? "csv"
  }

  /// The resolved scenario with its files under the names that a run keeps them by, so that the run's folder is complete
  /// in itself, wherever it is moved.
  public var keptResolved: ResolvedNode {
    resolved.keeping(inputFiles)
  }
}

extension Scenario.WeightsSource {
  /// Where a run keeps the file, or the index.
  fileprivate var keptName: String {
    files.isEmpty ? "inputs/weights.safetensors" : "inputs/weights/model.safetensors.index.json"
  }

  /// The files that an index names, which a run keeps beside it under their names.
  var parts: [Scenario.InputFile] {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return files.map { Scenario.InputFile(path: folder + $0, keptName: "inputs/weights/\($0)") }
  }
}

extension ResolvedNode {
  /// The scenario with these files under the names that a run keeps them by.
  func keeping(_ files: [Scenario.InputFile]) -> ResolvedNode {
    files.reduce(into: self) { node, file in
      if let key = file.key { node[key[...]] = .scalar(.text(file.keptName)) }
    }
  }

  /// The node under a path of keys; setting replaces one that is there and adds none.
  public subscript(path: ArraySlice<String>) -> ResolvedNode? {
    get {
      guard let key = path.first else { return self }
      guard case .map(let entries) = self else { return nil }
      return entries.first { $0.key == key }?.value[path.dropFirst()]
    }
    set {
      guard let key = path.first else {
        if let newValue { self = newValue }
        return
      }
      guard case .map(var entries) = self, let index = entries.firstIndex(where: { $0.key == key }) else { return }
      entries[index].value[path.dropFirst()] = newValue
      self = .map(entries)
    }
  }
}
