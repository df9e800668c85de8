import Datasets
import JSON

/// Numbers on their way to a program, or from it: row-major, little-endian.
public struct Tensor: Sendable {
  /// The numbers.
  public enum Content: Sendable {
    /// float32.
    case floats([Float])
    /// int32.
    case integers([Int32])
    /// uint8.
    case bytes([UInt8])
  }

  /// Its name.
  public var name: String
  /// Its sizes.
  public var shape: [Int]
  /// As many numbers as the shape says.
  public var content: Content

  /// A tensor.
  ///
  /// - Precondition: `content` has as many numbers as `shape` says.
  public init(_ name: String, _ shape: [Int], _ content: Content) {
    self.name = name
    self.shape = shape
    self.content = content
    precondition(entry.byteCount == raw.count, "a tensor has the numbers of its shape")
  }

  /// The images and labels of a set: `NAME.images`, count × channels × side × side, and `NAME.labels`.
  public static func images(_ set: ImageSet, named name: String) -> [Tensor] {
    [
      Tensor("\(name).images", [set.count, set.channels, set.side, set.side], .bytes(set.pixels)),
      Tensor("\(name).labels", [set.count], .bytes(set.labels)),
    ]
  }

  /// How a header announces it.
  var entry: TensorEntry {
    let type =
      switch content {
      case .floats: "float32"
      case .integers: "int32"
      case .bytes: "uint8"
      }
    return TensorEntry(name: name, type: type, shape: shape)
  }

  /// The numbers as they go over the pipe; every machine that AirSplit is built for is little-endian.
  var raw: [UInt8] {
    switch content {
    case .floats(let values): values.withUnsafeBytes { Array($0) }
    case .integers(let values): values.withUnsafeBytes { Array($0) }
    case .bytes(let bytes): bytes
    }
  }
}

/// A tensor that a header announces.
struct TensorEntry: Hashable {
  var name: String
  var type: String
  var shape: [Int]

  /// The types that a header may name, with the bytes of a number.
  static let types: KeyValuePairs = [
    "float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1,
    "bool": 1,
  ]

  /// Its bytes; `nil` where the type is unknown, a size is negative or the product has no room.
  var byteCount: Int? {
    guard let size = Self.types.first(where: { $0.key == type })?.value else { return nil }
    return shape.reduce(size) { count, size -> Int? in
      guard let count, size >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? nil : product
    }
  }

  var json: JSONValue {
    ["name": .string(name), "type": .string(type), "shape": .array(shape.map(JSONValue.integer))]
  }

  /// The tensors that a header lists under `tensors`; none where it has no such key.
  ///
  /// - Throws: ``ProtocolViolation``.
  static func list(_ header: JSONValue) throws(ProtocolViolation) -> [TensorEntry] {
    guard let given = header["tensors"] else { return [] }
    guard let items = given.elements else { throw ProtocolViolation("announced 'tensors' that are no list") }
    var entries: [TensorEntry] = []
    for item in items {
      guard let name = item["name"]?.text, let type = item["type"]?.text, let shape = item["shape"]?.elements else {
        throw ProtocolViolation("announced a tensor without 'name', 'type' and 'shape': \(item.text(.line).prefix(80))")
      }
      let sizes = shape.compactMap(\.integer)
      let entry = TensorEntry(name: name, type: type, shape: sizes)
      guard sizes.count == shape.count, entry.byteCount != nil else {
        throw ProtocolViolation(
          "announced the tensor \(item.text(.line).prefix(120)), which cannot be; types are "
            + types.map(\.key).joined(separator: ", "))
      }
      entries.append(entry)
    }
    var seen: Set<String> = []
    if let twice = entries.first(where: { !seen.insert($0.name).inserted }) {
      throw ProtocolViolation("announced the tensor '\(twice.name.prefix(60))' twice")
    }
    return entries
  }
}

extension [TensorEntry] {
  /// All their bytes; `nil` where the sum has no room.
  var byteCount: Int? {
    reduce(0) { sum, entry -> Int? in
      guard let sum, let count = entry.byteCount else { return nil }
      let (total, overflow) = sum.addingReportingOverflow(count)
      return overflow ? nil : total
    }
  }
}
