import Datasets

/// Where weights come from, as far as the names in a file tell.
enum WeightsOrigin {
  /// The rest of a sentence on a file that holds another program's names, or another kind of transformer: what it holds
  /// and what to do; `nil` where nothing is known.
  ///
  /// - Parameters:
  ///   - names: The tensors of the file.
  ///   - known: The names of the model.
  ///   - isKnown: Whether the names are those of a library whose models can be read.
  static func explanation(of names: [String], known: [String], isKnown: Bool) -> String? {
    if names.contains(where: { $0.contains(".lora_A.") || $0.contains(".lora_B.") || $0.contains("lora_magnitude") }) {
      return
        "holds an adapter of peft (LoRA), which is what was added to weights and not the weights; merge both and save "
        + "them with timm's names, in Python: model.merge_and_unload()"
    }
    if let prefix = prefix(of: names, known: known) {
      let reason =
        switch prefix {
        case "module.": ", as DataParallel and DistributedDataParallel leave them"
        case "_orig_mod.": ", as torch.compile leaves them"
        case "model.": ", as PyTorch Lightning leaves them"
        default: ""
        }
      return "holds this model under names that begin with '\(prefix)'\(reason); save them without it, in Python: "
        + "{name.removeprefix('\(prefix)'): value for name, value in state.items()}"
    }
    for kind in kinds + (isKnown ? [] : libraries)
    where names.contains(where: { name in kind.markers.contains { name.contains($0) } }) {
      return kind.explanation
    }
    return nil
  }

  /// What stands before the model's names in all of the file that are the model's.
  private static func prefix(of names: [String], known: [String]) -> String? {
    guard let landmark = known.first(where: { $0.hasPrefix("blocks.") }),
      let holder = names.first(where: { $0.hasSuffix(".\(landmark)") })
    else { return nil }
    let prefix = String(holder.dropLast(landmark.count))
    let held = Set(names)
    let found = known.count { held.contains(prefix + $0) }
    return found * 2 > known.count ? prefix : nil
  }

  private static let savedByTimm =
    "AirSplit reads timm's names; in Python: safetensors.torch.save_file(timm.create_model('vit_…', pretrained=True)"
    + ".state_dict(), 'model.safetensors')"

  /// Other models of libraries of which some can be read.
  private static let libraries: [(markers: [String], explanation: String)] = [
    (
      ["embeddings.patch_embeddings.", "encoder.layer.", "attention.q_proj.", "layernorm_before."],
      "holds another model of Hugging Face's transformers than its ViT and DeiT, which can be read; \(savedByTimm)"
    ),
    (
      ["encoder.layers.encoder_layer_", "conv_proj."],
      "holds another model of torchvision's than vit_b_16 and its like, which can be read; \(savedByTimm)"
    ),
  ]

  private static let kinds: [(markers: [String], explanation: String)] = [
    (
      ["dist_token", "head_dist.", "distillation_token", "distillation_classifier."],
      "holds a distilled DeiT, which has a second token and head; AirSplit has no such model"
    ),
    (
      ["transformer.resblocks.", "text_model.", "vision_model."],
      "holds a model of images and texts (CLIP or its like), not a Vision Transformer alone; \(savedByTimm)"
    ),
    (["decoder_blocks.", "mask_token"], "holds a masked autoencoder with its decoder; \(savedByTimm)"),
    (["reg_token", "register_tokens"], "holds a Vision Transformer with registers; AirSplit has no such model"),
    (
      [".ls1.", ".ls2.", ".gamma_1"],
      "holds a Vision Transformer with layer scale (DeiT-3, DINOv2, BEiT); AirSplit has no such model"
    ),
    (
      ["norm_pre."],
      "holds the image part of CLIP, which has a norm before its blocks ('norm_pre'); AirSplit has no such model"
    ),
    (
      ["fc_norm."],
      "holds a Vision Transformer that averages its patches ('fc_norm') where this one reads its class token; AirSplit has "
        + "no such model"
    ),
  ]

  /// A sentence where `normalize: timm` is wrong for weights that tell their family, in their texts or by the file's name.
  ///
  /// Families and numbers are those of timm 1.0.31's `default_cfgs`.
  static func warning(_ folder: WeightsFolder, _ given: DatasetPlan.Normalization) -> String? {
    guard given == .timm, let family = told(of: folder) else { return nil }
    return
      "the weights call themselves '\(family.text)', and 'normalize: timm' (0.5 and 0.5) is wrong for \(family.name): write "
      + "normalize: {mean: \(family.right.mean), std: \(family.right.std)}"
  }

  /// The family that weights tell, and how its pixels were prepared; `nil` where they tell none.
  static func family(of folder: WeightsFolder) -> (name: String, normalization: DatasetPlan.Normalization)? {
    told(of: folder).map { ($0.name, $0.right) }
  }

  /// By their texts, by the file's name, and by the names of their tensors.
  private static func told(
    of folder: WeightsFolder
  ) -> (text: String, name: String, right: DatasetPlan.Normalization)? {
    let file = folder.path.split(separator: "/").last.map(String.init) ?? ""
    for text in folder.files.flatMap({ $0.metadata.map(\.value) }) + [file] where text.utf8.count <= 200 {
      let lowercased = text.lowercased()
      guard let family = families.first(where: { $0.marks.contains { lowercased.contains($0) } }) else { continue }
      return (text, family.name, family.right)
    }
    return switch folder.names {
    case .transformers(prefix: "deit."): ("deit", "DeiT", imageNet)
    case .torchvision: ("torchvision's", "torchvision", imageNet)
    case .timm, .transformers: nil
    }
  }

  private static let imageNet = DatasetPlan.Normalization(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
  private static let clip = DatasetPlan.Normalization(
    mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711])

  private static let families: [(name: String, marks: [String], right: DatasetPlan.Normalization)] = [
    ("DeiT", ["deit"], imageNet),
    ("DINO", [".dino", "_dino"], imageNet),
    ("MAE", [".mae", "_mae"], imageNet),
    ("MIIL", ["miil"], .init(mean: [0, 0, 0], std: [1, 1, 1])),
    ("Bamboo", ["bamboo"], clip),
  ]
}
