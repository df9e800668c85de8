import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of named tensors in the safetensors format: the length of a header in 64 bits, little-endian; the header, a JSON
/// object from names to type, shape and place; then the values.
///
/// Only the header is held in memory; values are read in pieces when somebody asks for them. See
/// <https://github.com/huggingface/safetensors>.
public struct WeightsFile: Sendable {
  /// A tensor of the file.
  public struct Entry: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Sizes, row-major.
    public let shape: [Int]
    /// Elements.
    public let count: Int
    /// How an element is stored.
    let element: ElementType
    /// Its first byte in the file.
    let start: Int
  }

  /// How an element is stored; the names are the format's.
  enum ElementType: String, Sendable, Hashable {
    case float32 = "F32"
    case float16 = "F16"
    case brain16 = "BF16"
    case float64 = "F64"

    var size: Int {
      switch self {
      case .float16, .brain16: 2
      case .float32: 4
      case .float64: 8
      }
    }
  }

  /// Where the file lies.
  public let path: String
  /// Its tensors, in the order of their places.
  public let entries: [Entry]
  /// Texts that the file carries beside its tensors, in its order.
  public let metadata: [(key: String, value: String)]

  private let file: ReadableFile
  private let places: [String: Int]

  /// Largest header that is read, bytes: many times that of the largest transformer here. The format allows 100 MB.
  private static let headerLimit = 16_000_000

  /// Reads the header of the file at `path`.
  ///
  /// - Throws: ``WeightsError`` where it is no such file, or contradicts itself.
  public init(reading path: String) throws(WeightsError) {
    self.path = path
    let file = try ReadableFile(path)
    self.file = file
    func damage(_ reason: String) -> WeightsError { WeightsError("'\(path)' \(reason)") }
    let start = try file.bytes(min(ForeignFile.lookedAt, file.size), from: 0)
    // Only what cannot be a safetensors file is looked at otherwise: a length may look like another format's first bytes.
    func foreign() -> WeightsError? { ForeignFile.explanation(start).map(damage) }
    guard start.count >= 8 else {
      throw (start.isEmpty ? nil : foreign()) ?? damage("has \(file.size) bytes, too few for a safetensors file")
    }
    let length = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit), length >= 2 else {
      throw foreign() ?? damage("is no safetensors file: its header would have \(length) bytes")
    }
    let body = 8 + Int(length)
    guard body <= file.size else {
      throw foreign()
        ?? damage("is cut off, or no safetensors file: its header should end at byte \(body) of \(file.size)")
    }
    let text = try file.bytes(Int(length), from: 8)
    let header: JSONValue
    do {
      header = try JSONValue(parsing: text)
    } catch {
      throw damage("is no safetensors file: its header is no JSON (\(error.reason))")
    }
    guard let members = header.members else { throw damage("is no safetensors file: its header is no JSON object") }
    var entries: [Entry] = []
    var metadata: [(key: String, value: String)] = []
    for member in members {
      if member.key == "__metadata__" {
        for text in member.value.members ?? [] { metadata.append((text.key, text.value.text ?? "")) }
      } else {
        entries.append(try Self.entry(member, body: body, size: file.size, damage: damage))
      }
    }
    entries.sort { ($0.start, $0.count) < ($1.start, $1.count) }
    var end = body
    for entry in entries {
      guard entry.start == end else {
        throw damage("contradicts itself: the tensor '\(entry.name)' does not begin where the one before it ends")
      }
      end += entry.count * entry.element.size
    }
    guard end == file.size else { throw damage("has \(file.size - end) bytes after its last tensor") }
    self.entries = entries
    self.metadata = metadata
    places = Dictionary(entries.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
  }

  /// The tensor of a name.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Reads the values of a tensor as float32.
  ///
  /// - Precondition: `values` has as many elements as the tensor.
  /// - Throws: ``WeightsError`` where the file cannot be read, or a value is no finite number.
  public func read(_ entry: Entry, into values: UnsafeMutableBufferPointer<Float>) throws(WeightsError) {
    precondition(values.count == entry.count, "a buffer for '\(entry.name)' has its elements")
    let piece = 1 << 18
    var done = 0
    while done < entry.count {
      let count = min(piece, entry.count - done)
      let bytes = try file.bytes(count * entry.element.size, from: entry.start + done * entry.element.size)
      bytes.withUnsafeBytes { raw in
        for index in 0..<count { values[done + index] = entry.element.value(raw, index) }
      }
      done += count
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw WeightsError(
        "'\(path)': element \(place) of the tensor '\(entry.name)' is \(values[place]), no finite number")
    }
  }

  private static func entry(
    _ member: JSONValue.Member, body: Int, size: Int, damage: (String) -> WeightsError
  ) throws(WeightsError) -> Entry {
    let name = member.key
    let spelled = name.count > 80 ? "\(name.prefix(80))…" : name
    func refuse(_ reason: String) -> WeightsError { damage("contradicts itself: the tensor '\(spelled)' \(reason)") }
    guard let type = member.value["dtype"]?.text else { throw refuse("has no dtype") }
    guard let element = ElementType(rawValue: type) else {
      throw damage("has the tensor '\(spelled)' of type \(type.prefix(20)); F32, F16, BF16 and F64 can be read")
    }
    func whole(_ key: String) throws(WeightsError) -> [Int] {
      let elements = member.value[key]?.elements ?? []
      let numbers = elements.compactMap(\.integer)
      guard member.value[key]?.elements != nil, numbers.count == elements.count, numbers.allSatisfy({ $0 >= 0 }) else {
        throw refuse("has no \(key) of whole numbers")
      }
      return numbers
    }
    let shape = try whole("shape")
    let offsets = try whole("data_offsets")
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= size else { throw refuse("has more elements than the file has bytes") }
      count = product
    }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= size - body else {
      throw refuse("lies outside of the file; is it cut off?")
    }
    guard offsets[1] - offsets[0] == count * element.size else {
      throw refuse("has \(offsets[1] - offsets[0]) bytes, and its shape \(count * element.size)")
    }
    return Entry(name: name, shape: shape, count: count, element: element, start: body + offsets[0])
  }
}

extension WeightsFile.ElementType {
  /// The element number `index` of bytes in little-endian order.
  fileprivate func value(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Float {
    let place = index * size
    switch self {
    case .float32:
      return Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    case .float64:
      return Float(
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))))
    case .brain16:
      let half = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
      return Float(bitPattern: UInt32(half) << 16)
    case .float16:
      return Self.half(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
    }
  }

  /// IEEE 754 binary16, by its parts: the type `Float16` is not on every platform.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
