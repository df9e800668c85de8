import Foundation
import TestSupport
import Testing

@Suite("airsplit weights")
struct WeightsTests {
  private static let foreign = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "SplitViTTests/References/foreign").path

  @Test("says what files of three libraries are, one of them in pieces")
  func described() throws {
    func described(_ file: String) throws -> [String: Any] {
      let outcome = try Tool.run("weights", "\(Self.foreign)/\(file)", "--format", "json", in: TemporaryFolder())
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let whole = try described("transformers/model.safetensors")
    #expect(whole["names"] as? String == "Hugging Face's transformers" && whole["norm_epsilon"] as? Double == 1e-12)
    #expect(whole["dim"] as? Int == 8 && whole["depth"] as? Int == 2 && whole["image"] as? Int == 8)
    #expect(whole["classes"] as? Int == 3 && whole["patch"] as? Int == 4 && whole["family"] is NSNull)
    let pieces = try described("transformers-sharded/model.safetensors.index.json")
    #expect(pieces["files"] as? Int == 4 && pieces["parameters"] as? Int == whole["parameters"] as? Int)
    #expect(try described("transformers-bfloat16/model.safetensors")["types"] == nil)
    #expect(try described("transformers-bfloat16/model.safetensors")["stored_as"] as? [String] == ["BF16"])
    let other = try described("torchvision.safetensors")
    #expect(other["names"] as? String == "torchvision" && other["mean"] as? [Double] == [0.485, 0.456, 0.406])
    let table = try Tool.run("weights", "\(Self.foreign)/torchvision.safetensors", in: TemporaryFolder()).output
    #expect(table.contains("norm epsilon  1e-06") && table.contains("torchvision: {mean: [0.485, 0.456, 0.406]"))
  }

  @Test("says in words what is no file of weights, with exit code 2")
  func refused() throws {
    let folder = try TemporaryFolder()
    try folder.write("<!DOCTYPE html>\n", to: "model.safetensors")
    let outcome = try Tool.run("weights", "model.safetensors", in: folder)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("'model.safetensors' is a web page"), "\(outcome.errors)")
  }
}
