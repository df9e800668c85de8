/// An array of floating-point numbers in the bytes of a `.npy` file (NumPy enhancement proposal 1): a header, which is a literal of
/// Python, and the numbers.
struct NumpyArray {
  /// What is wrong with a file, to go on from its name.
  struct Refusal: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  /// Numbers along each axis.
  let shape: [Int]
  private let isSingle: Bool
  private let isFortran: Bool
  private let bytes: ArraySlice<UInt8>

  /// The bytes that every `.npy` file begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes of a header at most; one of three axes has 128.
  private static let longestHeader = 10_000

  /// Reads the header of a file and holds its size against the bytes that there are.
  ///
  /// - Throws: ``Refusal``.
  init(_ file: ArraySlice<UInt8>) throws(Refusal) {
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
    let fields = try literal.fields()
    isSingle = try Self.isSingle(fields.type)
    (isFortran, shape) = (fields.isFortran, fields.shape)
    bytes = header.dropFirst(Int(length))
    let size = shape.reduce((count: isSingle ? 4 : 8, overflow: false)) { size, axis in
      let (count, overflow) = size.count.multipliedReportingOverflow(by: axis)
      return (count, size.overflow || overflow)
    }
    guard !size.overflow, bytes.count == size.count else {
      throw Refusal(
        "is cut off or damaged: an array of the shape \(Self.shown(shape)) has "
          + "\(size.overflow ? "more bytes than there can be" : "\(size.count) bytes"), and \(bytes.count) are here")
    }
  }

  private static func isSingle(_ type: String) throws(Refusal) -> Bool {
    switch type {
    case "<f4": return true
    case "<f8": return false
    default:
      throw Refusal(
        "holds numbers of the type \(Diagnostic.quoted(type)); allowed are '<f4' and '<f8', which are float32 and float64, "
          + "little-endian (numpy: array.astype(\"<f4\"))")
    }
  }

  /// A shape as Python writes it.
  static func shown(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// How far apart the numbers lie along each axis.
  var strides: [Int] {
    func strides(_ axes: [Int]) -> [Int] { axes.reduce(into: [1]) { $0.append($0[$0.count - 1] * $1) }.dropLast() }
    return isFortran ? strides(shape) : strides(shape.reversed()).reversed()
  }

  /// Hands over a function that gives the number at a place in the order of the file.
  func withNumbers<Result>(_ body: ((Int) -> Double) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { bytes in
      try body { place in
        isSingle
          ? Double(
            Float(bitPattern: .init(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self))))
          : Double(bitPattern: .init(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
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

  mutating func fields() throws(NumpyArray.Refusal) -> (type: String, isFortran: Bool, shape: [Int]) {
    var (type, isFortran, shape): (String?, Bool?, [Int]?)
    guard take("{") else { throw damaged }
    while !take("}") {
      guard let key = string(), take(":") else { throw damaged }
      switch key {
      case "descr" where type == nil: type = try self.type()
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

  private mutating func type() throws(NumpyArray.Refusal) -> String {
    if isAt("[") { throw .init("holds records of several fields; write an array of float32 or float64") }
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
