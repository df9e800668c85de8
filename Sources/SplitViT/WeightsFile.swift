import CTensor
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
      let part = UnsafeMutableBufferPointer(rebasing: values[done..<min(done + piece, entry.count)])
      let (start, size) = (entry.start + done * entry.element.size, part.count * entry.element.size)
      if entry.element.isInMemory {
        try file.read(from: start, into: UnsafeMutableRawBufferPointer(part))
      } else {
        let bytes = try file.bytes(size, from: start)
        bytes.withUnsafeBytes { entry.element.convert($0, into: part) }
      }
      var (low, high): (Float, Float) = (0, 0)
      if !quantize_range(part.baseAddress, part.count, &low, &high),
        let place = part.firstIndex(where: { !$0.isFinite })
      {
        throw WeightsError(
          "'\(path)': element \(done + place) of the tensor '\(entry.name)' is \(part[place]), no finite number")
      }
      done += part.count
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
  /// Whether the bytes of a file are those of memory.
  fileprivate var isInMemory: Bool { self == .float32 && Int(littleEndian: 1) == 1 }

  /// The elements that bytes are in little-endian order.
  fileprivate func convert(_ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>) {
    func load<Bits: FixedWidthInteger>(_ index: Int, _: Bits.Type) -> Bits {
      Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self))
    }
    switch self {
    case .float32: for index in values.indices { values[index] = Float(bitPattern: load(index, UInt32.self)) }
    case .float64: for index in values.indices { values[index] = Float(Double(bitPattern: load(index, UInt64.self))) }
    case .brain16:
      for index in values.indices { values[index] = Float(bitPattern: UInt32(load(index, UInt16.self)) << 16) }
    case .float16: for index in values.indices { values[index] = Self.half(UInt32(load(index, UInt16.self))) }
    }
  }

  /// IEEE 754 binary16, by its parts: the type `Float16` is not on every platform. A fraction and an exponent moved to a float's places
  /// are 2^112 times too small, of subnormal numbers too.
  private static func half(_ bits: UInt32) -> Float {
    let magnitude = (bits & 0x7FFF) << 13
    let isFinite = magnitude < 0x7C00 << 13
    let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    return Float(bitPattern: (isFinite ? scaled : magnitude | 0x7F80_0000) | (bits & 0x8000) << 16)
  }
}
