/// Under which names a file holds a Vision Transformer, and where each of ours lies in it.
///
/// - timm's names are ours.
/// - Hugging Face's transformers (ViT, DeiT) keep query, key and value apart; ours is the three below each other. Its files say
///   `encoder.layer.0…` whatever a newer release calls its modules. Its norms add 1e-12 to a variance, where timm's add 1e-6.
/// - torchvision's `vit_b_16` and its like have ours in the same form.
enum WeightsNames: Sendable, Hashable {
  case timm
  /// What stands before the names: `vit.`, `deit.`, or nothing.
  case transformers(prefix: String)
  case torchvision

  /// The names of a file that has these tensors.
  init(of names: some Sequence<String>) {
    let names = Set(names)
    let landmark = "embeddings.patch_embeddings.projection.weight"
    if let prefix = ["", "vit.", "deit."].first(where: { names.contains($0 + landmark) }) {
      self = .transformers(prefix: prefix)
    } else if names.contains("conv_proj.weight"), names.contains("class_token") {
      self = .torchvision
    } else {
      self = .timm
    }
  }

  /// Whose names they are, as a person says it.
  var library: String {
    switch self {
    case .timm: "timm"
    case .transformers: "Hugging Face's transformers"
    case .torchvision: "torchvision"
    }
  }

  /// What its norms add to a variance.
  var normEpsilon: Double {
    if case .transformers = self { 1e-12 } else { 1e-6 }
  }

  /// The tensors of a file that together are the one that timm calls `name`, below each other.
  func sources(of name: String) -> [String] {
    switch self {
    case .timm: [name]
    case .transformers(let prefix): Self.transformers(name, prefix)
    case .torchvision: [Self.torchvision(name)]
    }
  }

  /// Whether a tensor may lie beside the model: the first token's pooling, and what masked images were trained with.
  func isBeside(_ name: String) -> Bool {
    guard case .transformers(let prefix) = self else { return false }
    return ["pooler.dense.weight", "pooler.dense.bias", "embeddings.mask_token"].contains { name == prefix + $0 }
  }

  private static func transformers(_ name: String, _ prefix: String) -> [String] {
    let embeddings = [
      "cls_token": "cls_token", "pos_embed": "position_embeddings",
      "patch_embed.proj.weight": "patch_embeddings.projection.weight",
      "patch_embed.proj.bias": "patch_embeddings.projection.bias",
    ]
    if let own = embeddings[name] { return ["\(prefix)embeddings.\(own)"] }
    if name.hasPrefix("head.") { return ["classifier.\(name.dropFirst(5))"] }
    if name.hasPrefix("norm.") { return ["\(prefix)layernorm.\(name.dropFirst(5))"] }
    guard let (block, tensor, kind) = block(name) else { return [name] }
    let start = "\(prefix)encoder.layer.\(block)."
    switch tensor {
    case "attn.qkv": return ["query", "key", "value"].map { "\(start)attention.attention.\($0).\(kind)" }
    case "attn.proj": return ["\(start)attention.output.dense.\(kind)"]
    case "norm1": return ["\(start)layernorm_before.\(kind)"]
    case "norm2": return ["\(start)layernorm_after.\(kind)"]
    case "mlp.fc1": return ["\(start)intermediate.dense.\(kind)"]
    case "mlp.fc2": return ["\(start)output.dense.\(kind)"]
    default: return [name]
    }
  }

  private static func torchvision(_ name: String) -> String {
    let others = [
      "cls_token": "class_token", "pos_embed": "encoder.pos_embedding", "patch_embed.proj.weight": "conv_proj.weight",
      "patch_embed.proj.bias": "conv_proj.bias", "norm.weight": "encoder.ln.weight", "norm.bias": "encoder.ln.bias",
      "head.weight": "heads.head.weight", "head.bias": "heads.head.bias",
    ]
    if let own = others[name] { return own }
    guard let (block, tensor, kind) = block(name) else { return name }
    let start = "encoder.layers.encoder_layer_\(block)."
    switch tensor {
    case "attn.qkv": return "\(start)self_attention.in_proj_\(kind)"
    case "attn.proj": return "\(start)self_attention.out_proj.\(kind)"
    case "norm1": return "\(start)ln_1.\(kind)"
    case "norm2": return "\(start)ln_2.\(kind)"
    case "mlp.fc1": return "\(start)mlp.0.\(kind)"
    case "mlp.fc2": return "\(start)mlp.3.\(kind)"
    default: return name
    }
  }

  /// `blocks.3.attn.qkv.weight` as 3, `attn.qkv` and `weight`.
  private static func block(_ name: String) -> (number: Substring, tensor: String, kind: Substring)? {
    let parts = name.split(separator: ".")
    guard parts.count >= 4, parts[0] == "blocks" else { return nil }
    return (parts[1], parts[2..<parts.count - 1].joined(separator: "."), parts[parts.count - 1])
  }
}
