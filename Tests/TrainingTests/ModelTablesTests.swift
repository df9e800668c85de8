import Foundation
import Testing
import Training

@Suite("Tables I and II")
struct ModelTablesTests {
  let tables = ModelTables.paper

  private var figures: [(String, TableEntry<Double>)] {
    var figures: [(String, TableEntry<Double>)] = []
    for column in tables.frameworks {
      figures.append((column.name + " communication", column.communication))
      figures.append((column.name + " compute", column.compute))
      figures.append((column.name + " memory", column.memory))
    }
    for column in tables.embeddings {
      figures.append((column.name + " parameters", column.parameters))
      figures.append((column.name + " compute", column.compute))
      figures.append((column.name + " memory", column.memory))
    }
    return figures
  }

  @Test("a figure of ours rounds to the paper's, or a sentence says why not")
  func explained() {
    #expect(figures.count == 24)
    for (name, entry) in figures {
      let half = 0.5 * pow(10, -Double(entry.decimals)) * (1 + 1e-9)
      let agrees = entry.ours.map { abs($0 - entry.paper) <= half } ?? false
      #expect(agrees == (entry.difference == nil), "\(name)")
    }
  }

  @Test("the differences are those that are known")
  func differences() {
    let differing = figures.filter { $0.1.difference != nil }.map(\.0)
    #expect(
      differing == [
        "CL communication", "FL ViT-B/32 memory", "FL ResNet-50 memory", "SFL ViT-B/32 communication",
        "vit_base_patch16_224 memory",
      ])
  }

  /// Bytes / 2^20 and FLOP / 1e9, computed apart: 64·3·224²·4; 87,462,922·4; (23,528,522 + 53,120)·4;
  /// 2·(32²·3·768 + 768 + 768 + 50·768)·4 + 64·50·768·4; 64·49·768·8.
  @Test("Table I has these unrounded figures")
  func tableOne() throws {
    try #require(tables.frameworks.count == 4)
    let columns = tables.frameworks
    #expect(columns.map(\.communication.ours) == [36.75, 333.64456939697266, 89.95682525634766, 27.6796875])
    #expect(columns.map(\.compute.ours) == [0, 558.994685952, 530.281857024, 14.797504512])
    #expect(columns.map(\.memory.ours) == [0, nil, nil, 18.375])
    #expect(columns.map(\.communication.paper) == [36.67, 333.64, 89.96, 27.688])
    #expect(columns.map(\.compute.paper) == [0, 558.99, 530.28, 14.80])
    #expect(columns.map(\.memory.paper) == [0, 3643.23, 10430.71, 18.38])
  }

  @Test("Table II has these unrounded figures")
  func tableTwo() throws {
    try #require(tables.embeddings.count == 4)
    let columns = tables.embeddings
    #expect(columns.map(\.parameters.ours) == [9, 12, 2.25, 3])
    #expect(columns.map(\.compute.ours) == [14.797504512, 19.730006016, 14.797504512, 19.730006016])
    #expect(columns.map(\.memory.ours) == [18.375, 24.5, 73.5, 98])
    #expect(columns.map(\.outputShape.ours) == ["(b,49,768)", "(b,49,1024)", "(b,196,768)", "(b,196,1024)"])
    #expect(columns.map(\.outputShape.paper) == ["(b,50,768)", "(b,50,1024)", "(b,197,768)", "(b,197,1024)"])
  }

  /// torchvision's ResNet-50 has 25,557,032 parameters and 4,089,184,256 multiply-adds with 1000 classes; the counts for
  /// ten classes are those less 990 rows of the head.
  @Test("ResNet-50 has its known size and work")
  func resNet() {
    let imageNet = ResNet50(classes: 1000)
    #expect(imageNet.parameters == 25_557_032)
    #expect(imageNet.multiplyAdds == 4_089_184_256)
    let ten = ResNet50(classes: 10)
    #expect(ten.parameters == 23_528_522)
    #expect(ten.runningStatistics == 53_120)
    #expect(ten.normElements == 11_113_984)
    #expect(ten.pooledElements == 100_352)
  }

  @Test("JSON holds ours and the paper's apart, null where there is none")
  func json() throws {
    let encoder = JSONEncoder()
    let object = try #require(
      JSONSerialization.jsonObject(with: encoder.encode(tables)) as? [String: Any])
    let columns = try #require(object["table_1"] as? [[String: Any]])
    let federated = try #require(columns.first { $0["name"] as? String == "FL ViT-B/32" })
    let compute = try #require(federated["compute_gflop"] as? [String: Any])
    #expect(compute["ours"] as? Double == 558.994685952)
    #expect(compute["paper"] as? Double == 558.99)
    #expect(compute["difference"] is NSNull)
    let memory = try #require(federated["memory_mb"] as? [String: Any])
    #expect(memory["ours"] is NSNull)
    #expect(memory["difference"] is String)
    #expect((object["table_2"] as? [[String: Any]])?.count == 4)
  }

  @Test("the text shows ours, the paper's in brackets, and why they differ")
  func text() {
    let text = tables.text
    #expect(text.contains("558.995 (558.99)"))
    #expect(text.contains("36.750 (36.67) [1]"))
    #expect(text.contains("- (3643.23) [3]"))
    #expect(text.contains("73.500 (74.00)"))
    #expect(text.contains("\n[1] 64 images"))
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
  }
}
