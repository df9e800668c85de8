import ArgumentParser
import Datasets
import JSON
import SplitViT

/// `airsplit weights`.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Says what a file of weights is.",
    discussion: """
      Whose names its tensors have, its shape, how it is stored, what its norms add to a variance, and which 'normalize' its family \
      was trained with, as far as the file tells. Names of timm, of Hugging Face's ViT and DeiT and of torchvision can be read; of \
      several files, the index, 'model.safetensors.index.json'.

        airsplit weights model.safetensors
      """)

  @Argument(
    help: "A safetensors file, or the index of several.", completion: .file(extensions: ["safetensors", "json"]))
  var file: String

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let found = try rejectingInput { try WeightsDescription(reading: file) }
    guard format == .table else { return try StandardStreams.write(json(found)) }
    var table = TextTable([.words(""), .words("")])
    table.append(["names", found.library])
    table.append(["files", "\(found.files)"])
    table.append(["stored as", found.types.joined(separator: ", ")])
    table.append(["parameters", "\(found.parameters)"])
    if let shape = found.shape {
      table.append(["image", shape.image.map { "\($0)" } ?? "not a square of patches"])
      table.append(["channels", "\(shape.channels)"])
      table.append(["patch", "\(shape.patch)"])
      table.append(["dim", "\(shape.width)"])
      table.append(["depth", "\(shape.depth)"])
      table.append(["classes", shape.classes.map { "\($0)" } ?? "no head"])
      table.append(["norm epsilon", "\(found.normEpsilon)"])
    } else {
      table.append(["model", "no Vision Transformer that AirSplit reads"])
    }
    table.append([
      "normalize",
      found.family.map { "\($0.name): {mean: \($0.normalization.mean), std: \($0.normalization.std)}" } ?? "not told",
    ])
    try StandardStreams.write(table.text)
  }

  private func json(_ found: WeightsDescription) -> JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
    return [
      "names": .string(found.library), "files": .integer(found.files),
      "stored_as": .array(found.types.map(JSONValue.string)),
      "parameters": .integer(found.parameters), "image": number(found.shape?.image),
      "channels": number(found.shape?.channels), "patch": number(found.shape?.patch), "dim": number(found.shape?.width),
      "depth": number(found.shape?.depth), "classes": number(found.shape?.classes),
      "norm_epsilon": .number(found.normEpsilon), "family": found.family.map { .string($0.name) } ?? .null,
      "mean": found.family.map { .numbers($0.normalization.mean) } ?? .null,
      "std": found.family.map { .numbers($0.normalization.std) } ?? .null,
    ]
  }
}
