import Units

/// What the field and other tools call keys that have another name or place here.
enum UsualNames {
  /// The path of the key that `path` may mean; `nil` where its last word is not among those below.
  static func meaning(of path: String) -> String? {
    let words = path.lowercased().split(separator: ".")
    guard let last = words.last else { return nil }
    let meant = words.count > 1 ? table["\(words[words.count - 2]).\(last)"] : nil
    return (meant ?? table[String(last)]).flatMap { $0 == path ? nil : $0 }
  }

  /// Paths by the usual word; after the section it stands in where the word alone could mean several keys.
  static let table: [String: String] = [
    "algorithm": "framework", "method": "framework",
    "t_max": "deadline", "tmax": "deadline",
    "users": "devices.count", "clients": "devices.count", "num_clients": "devices.count",
    "devices.number": "devices.count", "devices.frequency": "devices.clock", "devices.cpu": "devices.clock",
    "p_max": "devices.power_max", "max_power": "devices.power_max", "tx_power": "devices.power_max",
    "p_min": "devices.power_min", "min_power": "devices.power_min",
    "carrier": "uplink.path_loss.carrier", "carrier_frequency": "uplink.path_loss.carrier",
    "uplink.frequency": "uplink.path_loss.carrier", "fc": "uplink.path_loss.carrier",
    "bandwidth": "uplink.block_bandwidth", "resource_blocks": "uplink.blocks", "subcarriers": "uplink.blocks",
    "subchannels": "uplink.blocks", "uplink.channels": "uplink.blocks",
    "csi": "channel_estimate", "channel_knowledge": "channel_estimate",
    "n0": "uplink.noise_density", "noise": "uplink.noise_density", "pathloss": "uplink.path_loss",
    "q_min": "quantizer.bits_min", "q_max": "quantizer.bits_max", "min_bits": "quantizer.bits_min",
    "max_bits": "quantizer.bits_max", "quantization": "quantizer", "quantisation": "quantizer",
    "split_layer": "model.cut", "cut_layer": "model.cut", "num_classes": "model.classes",
    "lr": "training.optimizer.learning_rate", "learning_rate": "training.optimizer.learning_rate",
    "batch_size": "training.batch", "epochs": "training.local_epochs", "local_steps": "training.local_epochs",
    "alpha": "training.partition.alpha", "dirichlet": "training.partition.alpha",
    "lora": "training.adapters.lora", "peft": "training.adapters.lora", "lora_rank": "training.adapters.lora.rank",
    "lora.r": "training.adapters.lora.rank", "lora_alpha": "training.adapters.lora.alpha",
    "lora_dropout": "training.adapters.lora.dropout", "target_modules": "training.adapters.lora.targets",
    "use_rslora": "training.adapters.lora.scaling",
    "num_rounds": "rounds", "communication_rounds": "rounds",
  ]
}
