import JSON
import Trace
import Training

/// Adapters as peft keeps them: a folder with `adapter_config.json` and `adapter_model.safetensors`, the head among the latter.
///
/// peft's `target_modules: [proj]` would also wrap the patch projection of a timm model, `patch_embed.proj`; what is written names
/// `attn.proj`.
public enum AdapterFolder {
  static let configuration = "adapter_config.json"
  static let weights = "adapter_model.safetensors"
  /// What stands before timm's names.
  private static let prefix = "base_model.model."

  /// Writes the adapters and the head of a model's `parameters` into a folder that there is.
  ///
  /// - Throws: `TraceError` where the files cannot be written.
  /// - Precondition: `layout` has adapters.
  public static func write(
    _ parameters: UnsafeBufferPointer<Float>, layout: ParameterLayout, to folder: String
  ) throws(TraceError) {
    guard let adapters = layout.adapters else { preconditionFailure("there are no adapters") }
    let tensors = Array(layout.adapterTensors) + layout.headTensors
    try WeightsFile.write(
      tensors.map { (prefix + $0.name, $0.shape, UnsafeBufferPointer(rebasing: parameters[$0.range])) },
      metadata: [(key: "format", value: "pt")], to: "\(folder)/\(weights)")
    let text = configuration(adapters, layout).text() + "\n"
    try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(configuration)")
  }

  /// Reads the adapters of a folder into `parameters`, and the head where it has one and `head` does not say otherwise.
  ///
  /// - Returns: Sentences on what is otherwise than the folder says.
  /// - Throws: ``WeightsError`` where a file is missing or damaged, or where rank, alpha, scaling or tensors are not those of `layout`.
  /// - Precondition: `layout` has adapters.
  public static func load(
    _ folder: String, into parameters: UnsafeMutableBufferPointer<Float>, layout: ParameterLayout,
    head: HeadRule = .keep
  ) throws(WeightsError) -> [String] {
    guard let adapters = layout.adapters else { preconditionFailure("there are no adapters") }
    var notes = try check("\(folder)/\(configuration)", adapters)
    let file = try WeightsFile(reading: "\(folder)/\(weights)")
    let heads = layout.headTensors.filter { file[prefix + $0.name] != nil }
    let takesHead = head == .keep && heads.count == 2
    if !takesHead { notes.append("the head is not that of '\(folder)'") }
    let wanted = Array(layout.adapterTensors) + (takesHead ? heads : [])
    let known = Set(wanted.map { prefix + $0.name } + layout.headTensors.map { prefix + $0.name })
    if let other = file.entries.first(where: { !known.contains($0.name) }) {
      throw WeightsError("'\(file.path)' has '\(other.name.prefix(80))', \(explanation(of: other.name, adapters))")
    }
    for tensor in wanted {
      guard let entry = file[prefix + tensor.name] else {
        throw WeightsError(
          "'\(file.path)' has no '\(prefix + tensor.name)', which '\(adapters)' asks for; leave out targets that were not trained"
        )
      }
      guard entry.shape == tensor.shape else {
        throw WeightsError("'\(file.path)': '\(entry.name)' is \(entry.shape), and here it is \(tensor.shape)")
      }
      try file.read(entry, into: parameters.run(tensor.range))
    }
    return notes
  }

  private static func explanation(of name: String, _ adapters: LowRankAdapters) -> String {
    if name.contains("patch_embed.proj") {
      return
        "an adapter of the patch projection, which peft makes where target_modules says 'proj'; here it has none: write 'attn.proj'"
    }
    if name.contains("attention.") || name.contains("encoder.layer") {
      return
        "a name of Hugging Face's transformers, whose queries, keys and values have adapters of their own; here there is one for "
        + "timm's qkv"
    }
    return "which '\(adapters)' does not ask for"
  }

  // MARK: - Configuration

  private static func configuration(_ adapters: LowRankAdapters, _ layout: ParameterLayout) -> JSONValue {
    let isWhole = layout.adaptedBlocks == 0..<layout.architecture.depth
    let modules = adapters.orderedTargets.map(\.module)
    let targets = isWhole ? modules : layout.adaptedBlocks.flatMap { block in modules.map { "blocks.\(block).\($0)" } }
    return [
      "peft_type": "LORA", "r": .integer(adapters.rank),
      "lora_alpha": adapters.alpha == adapters.alpha.rounded()
        ? .integer(Int(adapters.alpha)) : .number(adapters.alpha),
      "use_rslora": .bool(adapters.scaling == .rankStabilized),
      "lora_dropout": adapters.dropout == 0 ? 0 : .number(adapters.dropout), "bias": "none",
      "fan_in_fan_out": false, "inference_mode": true, "target_modules": .array(targets.map(JSONValue.string)),
      "modules_to_save": ["head"], "task_type": .null, "base_model_name_or_path": .null,
    ]
  }

  /// Compares peft's choices with ours.
  private static func check(_ path: String, _ adapters: LowRankAdapters) throws(WeightsError) -> [String] {
    let file = try ReadableFile(path)
    guard file.size <= 1_000_000 else {
      throw WeightsError("'\(path)' has \(file.size) bytes; it is no \(configuration)")
    }
    let bytes = try file.bytes(file.size, from: 0)
    guard let json = try? JSONValue(parsing: bytes), json.members != nil else {
      throw WeightsError("'\(path)' is no JSON object, as peft writes it")
    }
    func refuse(_ key: String, _ text: String) -> WeightsError {
      WeightsError("'\(path)': \(key) is \(json[key]?.text(.line) ?? "missing"), \(text)")
    }
    guard json["peft_type"]?.text == "LORA" else { throw refuse("peft_type", "and only LORA can be read") }
    guard json["r"]?.integer == adapters.rank else { throw refuse("r", "and the rank here is \(adapters.rank)") }
    guard json["lora_alpha"]?.double == adapters.alpha else {
      throw refuse("lora_alpha", "and alpha here is \(adapters.alpha)")
    }
    guard (json["use_rslora"]?.bool ?? false) == (adapters.scaling == .rankStabilized) else {
      throw refuse("use_rslora", "and scaling here is \(adapters.scaling.rawValue)")
    }
    for key in ["use_dora", "lora_bias", "fan_in_fan_out"] where json[key]?.bool == true {
      throw refuse(key, "which is not known here")
    }
    for key in ["rank_pattern", "alpha_pattern"] where json[key]?.members?.isEmpty == false {
      throw refuse(key, "and all adapters here have one rank and one alpha")
    }
    if let bias = json["bias"]?.text, bias != "none" { throw refuse("bias", "and biases are frozen here") }
    let dropout = json["lora_dropout"]?.double ?? 0
    guard dropout != adapters.dropout else { return [] }
    return [
      "the adapters of '\(path)' were trained with a dropout of \(dropout); here they go on "
        + (adapters.dropout == 0 ? "without" : "with \(adapters.dropout)")
    ]
  }
}

extension SplitTrainer {
  /// Writes the adapters and the head as peft does, see ``AdapterFolder``, into a folder that there is; under `ll` those of the mean
  /// by data.
  ///
  /// - Throws: `TraceError` where the files cannot be written.
  /// - Precondition: it trains adapters, which are not stacked into the model.
  public func writeAdapters(to folder: String) throws(TraceError) {
    let model = meanModel()
    defer { withExtendedLifetime(model) {} }
    try AdapterFolder.write(UnsafeBufferPointer(model.values), layout: settings.layout, to: folder)
  }
}
