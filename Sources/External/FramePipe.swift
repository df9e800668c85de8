import JSON
import Processes

/// Frames to and from a program: the length of the header as four bytes, little-endian; the header, a JSON object; then
/// the numbers of the tensors that its member `tensors` lists, one after another.
struct FramePipe {
  /// The longest header, in bytes.
  static let longestHeader = 16 << 20

  let program: Companion
  /// How long a message may take.
  let timeout: Duration

  /// A header that came, and the tensors that follow it on the pipe.
  struct Answer {
    var header: JSONValue
    var bytes: [UInt8]
    var tensors: [TensorEntry]
    /// When the last number must have come.
    var deadline: ContinuousClock.Instant
  }

  /// Sends a message; `members` without `tensors`.
  func send(_ members: [JSONValue.Member], _ tensors: [Tensor] = []) throws(CompanionError) {
    try send(members, entries: tensors.map(\.entry))
    for tensor in tensors { try program.write(tensor.raw, within: timeout) }
  }

  /// Sends the header of a message, whose tensors the caller sends.
  func send(_ members: [JSONValue.Member], entries: [TensorEntry]) throws(CompanionError) {
    let header = JSONValue.object(members + [.init("tensors", .array(entries.map(\.json)))])
    try program.write(Self.encoded(Array(header.text(.line).utf8)), within: timeout)
  }

  /// The next header, which must be of this type.
  ///
  /// - Throws: `CompanionError` where none comes, ``ProtocolViolation`` where it is another one.
  func receive(_ type: String, allowingTensors: Bool = false) throws -> Answer {
    let deadline = ContinuousClock.now + timeout
    let length = Self.length(try program.read(count: 4, within: timeout))
    guard length <= Self.longestHeader else {
      throw ProtocolViolation("sent what is no frame: a header of \(length) bytes; \(Self.longestHeader) are allowed")
    }
    let bytes = try program.read(count: length, within: Self.left(deadline))
    let header: JSONValue
    do {
      header = try JSONValue(parsing: bytes)
    } catch {
      throw ProtocolViolation("sent a header that is no JSON (\(error)): \(ProtocolViolation.shortened(bytes))")
    }
    try ProtocolViolation.check(header, isOfType: type)
    let tensors = try TensorEntry.list(header)
    guard allowingTensors || tensors.isEmpty else {
      throw ProtocolViolation("sent \(tensors.count) tensors with '\(type)', which has none")
    }
    return Answer(header: header, bytes: bytes, tensors: tensors, deadline: deadline)
  }

  /// Hands on the numbers of the tensors of `answer`, a run of bytes at a time.
  func take(_ answer: Answer, limit: Int, _ body: ([UInt8]) throws -> Void) throws {
    guard let count = answer.tensors.byteCount, count <= limit else {
      throw ProtocolViolation("sent tensors of \(answer.tensors.byteCount ?? .max) bytes; \(limit) are allowed")
    }
    var left = count
    while left > 0 {
      let bytes = try program.read(count: min(left, 1 << 20), within: Self.left(answer.deadline))
      try body(bytes)
      left -= bytes.count
    }
  }

  /// A header as it goes over the pipe and into files.
  static func encoded(_ header: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(header.count).littleEndian) { Array($0) } + header
  }

  /// The number that four bytes are.
  static func length(_ bytes: [UInt8]) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func left(_ deadline: ContinuousClock.Instant) -> Duration {
    max(.zero, ContinuousClock.now.duration(to: deadline))
  }
}
