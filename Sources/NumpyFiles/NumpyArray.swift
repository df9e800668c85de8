import Units

/// An array of numbers in the bytes of a `.npy` file (NumPy enhancement proposal 1): a header, which is a literal of Python, and the
/// numbers.
package struct NumpyArray {
  /// What is wrong with a file, to go on from its name.
  package struct Refusal: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
  }

  /// What one number is, by numpy's name of it in files, little-endian.
  package enum Element: String, CaseIterable {
    case float32 = "<f4"
    case float64 = "<f8"
    case uint8 = "|u1"
    case int8 = "|i1"
    case uint16 = "<u2"
    case int16 = "<i2"
    case uint32 = "<u4"
    case int32 = "<i4"
    case uint64 = "<u8"
    case int64 = "<i8"

    /// Bytes of one number.
    package var size: Int {
      switch self {
      case .uint8, .int8: 1
      case .uint16, .int16: 2
      case .float32, .uint32, .int32: 4
      case .float64, .uint64, .int64: 8
      }
    }

    /// The floating-point numbers.
    package static let floats: [Element] = [.float32, .float64]
    /// The whole numbers.
    package static let integers = allCases.filter { !floats.contains($0) }
  }

  /// Numbers along each axis.
  package let shape: [Int]
  /// What one number is.
  package let element: Element
  /// Whether the first axis is the one whose numbers lie next to each other.
  package let isFortran: Bool
  /// The numbers, as they lie in the file.
  package let bytes: ArraySlice<UInt8>

  /// The bytes that every `.npy` file begins with.
  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes of a header at most; one of three axes has 128.
  private static let longestHeader = 10_000

  /// Reads the header of a file and holds its size against the bytes that there are.
  ///
  /// - Parameter allowed: What its numbers may be.
  /// - Throws: ``Refusal``.
  package init(_ file: ArraySlice<UInt8>, of allowed: [Element]) throws(Refusal) {
    let cut = Refusal("is cut off: it ends within its header")
    guard file.starts(with: Self.magic), let version = file.dropFirst(6).first else { throw cut }
    guard (1...3).contains(version) else {
      throw Refusal("is of version \(version) of the .npy format; 1, 2 and 3 can be read")
    }
    let places = version == 1 ? 2 : 4
    guard let length = file.littleEndian(at: 8, bytes: places) else { throw cut }
    guard length <= Self.longestHeader else {
      throw Refusal("has a header of \(length) bytes, more than the \(Self.longestHeader) that one may have")
    }
    let header = file.dropFirst(8 + places)
    guard header.count >= length else { throw cut }
    var literal = HeaderLiteral(header.prefix(Int(length)))
    let fields = try literal.fields(allowed)
    element = try Self.element(fields.type, allowed)
    (isFortran, shape) = (fields.isFortran, fields.shape)
    bytes = header.dropFirst(Int(length))
    let size = shape.reduce((count: element.size, overflow: false)) { size, axis in
      let (count, overflow) = size.count.multipliedReportingOverflow(by: axis)
      return (count, size.overflow || overflow)
    }
    guard !size.overflow, bytes.count == size.count else {
      throw Refusal(
        "is cut off or damaged: an array of the shape \(Self.shown(shape)) has "
          + "\(size.overflow ? "more bytes than there can be" : "\(size.count) bytes"), and \(bytes.count) are here")
    }
  }

  private static func element(_ type: String, _ allowed: [Element]) throws(Refusal) -> Element {
    if let element = Element(rawValue: type), allowed.contains(element) { return element }
    let types = listed(allowed.map { "'\($0.rawValue)'" })
    throw Refusal(
      "holds numbers of the type \(ShownText.quoted(type)); allowed \(allowed.count == 1 ? "is" : "are") \(types), which "
        + "\(allowed.count == 1 ? "is" : "are") \(names(allowed)), little-endian "
        + "(numpy: array.astype(\"\(allowed[0].rawValue)\"))")
  }

  /// The names that numpy gives types.
  fileprivate static func names(_ elements: [Element], or last: String = "and") -> String {
    listed(elements.map { "\($0)" }, last)
  }

  private static func listed(_ words: [String], _ last: String = "and") -> String {
    words.count < 2 ? words.joined() : "\(words.dropLast().joined(separator: ", ")) \(last) \(words[words.count - 1])"
  }

  /// A shape as Python writes it.
  package static func shown(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// How far apart the numbers lie along each axis.
  package var strides: [Int] {
    func strides(_ axes: [Int]) -> [Int] { axes.reduce(into: [1]) { $0.append($0[$0.count - 1] * $1) }.dropLast() }
    return isFortran ? strides(shape) : strides(shape.reversed()).reversed()
  }

  /// Hands over a function that gives the number at a place in the order of the file.
  package func withNumbers<Result>(_ body: ((Int) -> Double) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { bytes in
      func load<Bits: FixedWidthInteger>(_ place: Int, _: Bits.Type) -> Bits {
        Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<Bits>.size, as: Bits.self))
      }
      return try body { place in
        switch element {
        case .float32: Double(Float(bitPattern: load(place, UInt32.self)))
        case .float64: Double(bitPattern: load(place, UInt64.self))
        case .uint8: Double(load(place, UInt8.self))
        case .int8: Double(load(place, Int8.self))
        case .uint16: Double(load(place, UInt16.self))
        case .int16: Double(load(place, Int16.self))
        case .uint32: Double(load(place, UInt32.self))
        case .int32: Double(load(place, Int32.self))
        case .uint64: Double(load(place, UInt64.self))
        case .int64: Double(load(place, Int64.self))
        }
      }
    }
  }
}

extension ArraySlice<UInt8> {
  /// A whole number of some bytes, the lowest first, `offset` after the start; `nil` where they are not all there, or where it
  /// is no `Int`.
  func littleEndian(at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset <= self.count - count else { return nil }
    let number = self[startIndex + offset..<startIndex + offset + count]
    return Int(exactly: number.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

/// The literal `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, its keys in any order.
private struct HeaderLiteral {
  private let text: [UInt8]
  private var place = 0

  init(_ text: some Sequence<UInt8>) { self.text = Array(text) }

  mutating func fields(
    _ allowed: [NumpyArray.Element]
  ) throws(NumpyArray.Refusal) -> (type: String, isFortran: Bool, shape: [Int]) {
    var (type, isFortran, shape): (String?, Bool?, [Int]?)
    guard take("{") else { throw damaged }
    while !take("}") {
      guard let key = string(), take(":") else { throw damaged }
      switch key {
      case "descr" where type == nil: type = try self.type(allowed)
      case "fortran_order" where isFortran == nil:
        if take("True") { isFortran = true } else if take("False") { isFortran = false } else { throw damaged }
      case "shape" where shape == nil: shape = try self.shape()
      default: throw damaged
      }
      guard take(",") || isAt("}") else { throw damaged }
    }
    skipBlanks()
    guard place == text.count, let type, let isFortran, let shape else { throw damaged }
    return (type, isFortran, shape)
  }

  private var damaged: NumpyArray.Refusal {
    .init("is damaged: its header is not what numpy.save writes, with descr, fortran_order and shape")
  }

  private mutating func type(_ allowed: [NumpyArray.Element]) throws(NumpyArray.Refusal) -> String {
    if isAt("[") {
      throw .init("holds records of several fields; write an array of \(NumpyArray.names(allowed, or: "or"))")
    }
    guard let type = string() else { throw damaged }
    return type
  }

  private mutating func shape() throws(NumpyArray.Refusal) -> [Int] {
    var shape: [Int] = []
    guard take("(") else { throw damaged }
    while !take(")") {
      skipBlanks()
      let digits = text[place...].prefix { $0 &- UInt8(ascii: "0") < 10 }
      guard let axis = Int(String(decoding: digits, as: UTF8.self)), shape.count < 32 else { throw damaged }
      place += digits.count
      shape.append(axis)
      guard take(",") || isAt(")") else { throw damaged }
    }
    return shape
  }

  /// A text between single or double quotes, without escapes.
  private mutating func string() -> String? {
    skipBlanks()
    guard place < text.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[place]),
      let end = text[(place + 1)...].firstIndex(of: text[place])
    else { return nil }
    defer { place = end + 1 }
    return String(decoding: text[place + 1..<end], as: UTF8.self)
  }

  private mutating func isAt(_ word: StaticString) -> Bool {
    skipBlanks()
    return text[place...].starts(with: Array("\(word)".utf8))
  }

  private mutating func take(_ word: StaticString) -> Bool {
    guard isAt(word) else { return false }
    place += word.utf8CodeUnitCount
    return true
  }

  private mutating func skipBlanks() {
    while place < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) { place += 1 }
  }
}
