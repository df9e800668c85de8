import CZlib

/// Unpacks data that come piece by piece.
package final class Inflater {
  package enum Failure: Error { case tooLarge, damaged, cut }

  /// What stands around packed data; the raw value is what zlib calls its window bits.
  package enum Packing: Int32 {
    /// Header and checksum of gzip, in one member or several; what follows the last is padding, as gzip itself has it.
    case gzip = 31
    /// Nothing, as in zip files.
    case deflate = -15
  }

  /// A file may unpack to this many times its size: a table of numbers packs to a fifth or a tenth, a bomb to a thousandth.
  private static let largestRatio = 200
  /// What any file may unpack to, however small it is.
  private static let harmless = 1 << 20

  /// What so many packed bytes may unpack to, `limit` at most.
  package static func mostUnpacked(_ packed: Int, limit: Int) -> Int {
    min(limit, max(harmless, packed * largestRatio))
  }

  private let packing: Packing
  private let most: Int
  private var given = 0
  // zlib's state points back to it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool
  /// Whether a member, or all there is, has just ended.
  private var isBetween = false
  private var isPadding = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// - Parameter most: Bytes that may come out.
  package init(_ packing: Packing, most: Int) {
    (self.packing, self.most) = (packing, most)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady = inflateInit2_(stream, packing.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  /// What comes out of the next piece.
  package func unpack(_ packed: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    guard isReady else { throw .damaged }
    var result: [UInt8] = []
    var rest = packed
    var isFull = false
    while !rest.isEmpty || isFull {
      if isBetween {
        if packing == .deflate || rest.first != 0x1F { isPadding = true }
        if isPadding { break }
        guard inflateReset(stream) == Z_OK else { throw .damaged }
        isBetween = false
      }
      let part = min(rest.count, 1 << 28)
      let (code, taken, count) = inflatePart(rest.prefix(part))
      rest = rest.dropFirst(taken)
      isFull = count == buffer.count
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR && rest.isEmpty else { throw .damaged }
      given += count
      guard given <= most else { throw .tooLarge }
      result += buffer[..<count]
      if code == Z_STREAM_END { (isBetween, isFull) = (true, false) }
    }
    return result
  }

  /// Makes sure that nothing is missing at the end.
  package func end() throws(Failure) { if !isBetween { throw .cut } }

  private func inflatePart(_ part: ArraySlice<UInt8>) -> (code: Int32, taken: Int, given: Int) {
    part.withUnsafeBufferPointer { input in
      buffer.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map(UnsafeMutablePointer.init(mutating:))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let code = inflate(stream, Z_NO_FLUSH)
        return (code, input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out))
      }
    }
  }
}
