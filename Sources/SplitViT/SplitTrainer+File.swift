import Datasets
import Randomness
import Trace
import Training

extension SplitTrainer {
  /// Writes the model, all optimizers' states and devices' own models to a safetensors file, with what they belong to.
  ///
  /// Cached activations are not in it: round and bits say them, and the first step that needs them computes them again.
  public func save(to file: OutputFile) throws {
    let buffers = state.buffers
    var metadata = [("format", Self.format)] + settings.identity
    for (name, buffer) in buffers { metadata.append((name + ".steps", String(buffer.steps))) }
    if state.stack > 0 { metadata.append(("stack", String(state.stack))) }
    for (device, own) in state.devices.enumerated() {
      if own.stack > 0 { metadata.append(("devices.\(device).stack", String(own.stack))) }
      if let cache = own.cache { metadata.append(("devices.\(device).cache", "\(cache.round) \(cache.bits)")) }
    }
    try WeightsFile.write(
      buffers.map { ($0.name, [$0.buffer.values.count], UnsafeBufferPointer($0.buffer.values)) },
      metadata: metadata, to: file)
  }

  /// Takes up what ``save(to:)`` wrote for a trainer of the same model, framework, optimizer, seed and devices.
  ///
  /// - Throws: `TrainingError` that names what differs, `WeightsError` where the file is damaged.
  public func restore(from path: String) throws {
    let file = try WeightsFile(reading: path)
    var texts = Dictionary(file.metadata.map { ($0.key, $0.value) }) { $1 }
    guard texts["format"] == Self.format else {
      throw TrainingError("'\(path)' is no checkpoint of a trainer; it has no format '\(Self.format)'")
    }
    // Those without adapters need not say so.
    texts["adapters"] = texts["adapters"] ?? Self.noAdapters
    for (key, value) in settings.identity where texts[key] != value {
      throw TrainingError(
        "'\(path)' is the checkpoint of another scenario: its \(key) is \(texts[key] ?? "missing"), here it is \(value)"
      )
    }
    func damaged(_ name: String) -> TrainingError {
      TrainingError("'\(path)' is damaged: '\(name)' is missing, or not what a trainer writes")
    }
    earlyTraining?.stop()
    state.devices = Array(repeating: .init(), count: state.devices.count)
    state.versions = [:]
    for name in file.entries.map(\.name) {
      guard prepareVersion(of: name) || prepareDevice(of: name) else { throw damaged(name) }
    }
    for (name, buffer) in state.buffers {
      guard let entry = file[name], entry.count == buffer.values.count,
        let steps = texts[name + ".steps"].flatMap(Int.init), steps >= 0
      else { throw damaged(name) }
      try file.read(entry, into: buffer.values)
      buffer.steps = steps
    }
    func stack(_ name: String) throws -> Int {
      guard let text = texts[name] else { return 0 }
      guard let stack = Int(text), stack >= 0 else { throw damaged(name) }
      return stack
    }
    state.stack = try stack("stack")
    for device in state.devices.indices {
      state.devices[device].stack = try stack("devices.\(device).stack")
      let name = "devices.\(device).cache"
      guard let text = texts[name] else { continue }
      let numbers = text.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 2, (1...settings.rounds).contains(numbers[0]), (1...32).contains(numbers[1]) else {
        throw damaged(name)
      }
      state.devices[device].cache = ActivationCache(round: numbers[0], bits: numbers[1])
    }
    pool.forEachReplica { $0.begin() }
  }

  /// Makes the buffer that `name` stands for, where it is a version's; whether there is such a name.
  private func prepareVersion(of name: String) -> Bool {
    let words = name.split(separator: ".")
    guard words.count == 2, words[0] == "versions", let version = Int(words[1]),
      (1...settings.rounds).contains(version), state.versions.count < settings.versions
    else { return false }
    state.versions[version] = FloatBuffer(count: parts.trained.count)
    return true
  }

  /// Makes the buffer that `name` stands for, where it is a device's; whether there is such a name.
  private func prepareDevice(of name: String) -> Bool {
    if ["model", "optimizer.device", "optimizer.server"].contains(name) { return true }
    let words = name.split(separator: ".", maxSplits: 2)
    guard words.count == 3, words[0] == "devices", let device = Int(words[1]), state.devices.indices.contains(device)
    else { return false }
    switch words[2] {
    case "model": state.prepare(device, model: parts, deviceOptimizer: false, serverOptimizer: false)
    case "optimizer.device": state.prepare(device, model: nil, deviceOptimizer: true, serverOptimizer: false)
    case "optimizer.server": state.prepare(device, model: nil, deviceOptimizer: false, serverOptimizer: true)
    default: return false
    }
    return true
  }

  private static let format = "airsplit trainer 1"
  /// What checkpoints say where there are none.
  fileprivate static let noAdapters = "none"
}

extension TrainerState {
  /// All that it holds, in a fixed order, under the names that a checkpoint gives them.
  var buffers: [(name: String, buffer: FloatBuffer)] {
    var list = [("model", model), ("optimizer.device", optimizer.device), ("optimizer.server", optimizer.server)]
    for (version, weights) in versions.sorted(by: { $0.key < $1.key }) { list.append(("versions.\(version)", weights)) }
    for (device, own) in devices.enumerated() {
      let prefix = "devices.\(device)."
      if let model = own.model { list.append((prefix + "model", model)) }
      if let optimizer = own.deviceOptimizer { list.append((prefix + "optimizer.device", optimizer)) }
      if let optimizer = own.serverOptimizer { list.append((prefix + "optimizer.server", optimizer)) }
    }
    return list
  }
}

extension TrainerSettings {
  /// What a checkpoint belongs to, as texts that can be compared and read.
  var identity: [(String, String)] {
    let (shape, rule) = (architecture, recipe.optimizer)
    return [
      (
        "model",
        "image \(shape.image), channels \(shape.channels), patch \(shape.patch), dim \(shape.width), "
          + "depth \(shape.depth), heads \(shape.heads), classes \(shape.classes)"
      ),
      ("cut", cut.description),
      (
        "framework",
        framework.rawValue + (traits.labels == .device ? ", labels on the device" : "")
          + (trainsByLocalLoss ? ", local loss" : "")
      ),
      ("optimizer", "\(rule.kind.rawValue), momentum \(rule.momentum), state \(rule.state.rawValue)"),
      ("trainable", recipe.trainable.rawValue),
      (
        "adapters",
        (recipe.adapters?.description ?? SplitTrainer.noAdapters)
          + (adapterRanks.isEmpty ? "" : ", ranks \(adapterRanks.map(String.init).joined(separator: " "))")
      ),
      ("embedding", recipe.embedding.rawValue),
      ("seed", "\(seed.value), repetition \(seed.repetition)"),
      ("devices", String(partition.samples.count)),
    ]
  }
}
