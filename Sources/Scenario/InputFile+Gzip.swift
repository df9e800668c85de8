import CZlib

extension InputFile {
  /// A file may unpack to this many times its size: a table of numbers packs to a fifth or a tenth, a bomb to a thousandth.
  static let largestRatio = 200
  /// What any file may unpack to, however small it is.
  private static let harmless = 1 << 20

  /// The bytes of the file at `path`, unpacked where it is packed with gzip, whatever its name.
  ///
  /// - Parameters: As for ``bytes(_:limit:kind:from:)``; `limit` holds for the unpacked bytes, too.
  /// - Throws: ``ScenarioErrors``.
  static func unpackedBytes(
    _ path: String, limit: Int, kind: String, from position: Diagnostic.Position? = nil
  ) throws -> [UInt8] {
    let packed = try bytes(path, limit: limit, kind: kind, from: position)
    guard packed.starts(with: [0x1F, 0x8B]) else { return packed }
    let most = mostUnpacked(packed.count, limit: limit)
    switch unpacked(packed[...], as: .gzip, most: most) {
    case .success(let bytes): return bytes
    case .failure(.tooLarge):
      throw refusal(
        path, "unpacks to more than \(most) bytes, too many for \(kind) of \(packed.count) packed bytes", position)
    case .failure(.damaged): throw refusal(path, "is damaged: gzip cannot unpack it", position)
    case .failure(.cut): throw refusal(path, "is cut off: it ends within its packed data", position)
    }
  }

  /// What so many packed bytes may unpack to.
  static func mostUnpacked(_ packed: Int, limit: Int) -> Int { min(limit, max(harmless, packed * largestRatio)) }

  enum UnpackingError: Error { case tooLarge, damaged, cut }

  /// What stands around packed data; the raw value is what zlib calls its window bits.
  enum Packing: Int32 {
    /// Header and checksum of gzip, in one member or several.
    case gzip = 31
    /// Nothing, as in zip files.
    case deflate = -15
  }

  /// Unpacks what `packing` says.
  static func unpacked(
    _ packed: ArraySlice<UInt8>, as packing: Packing, most: Int
  ) -> Result<[UInt8], UnpackingError> {
    var stream = z_stream()
    guard inflateInit2_(&stream, packing.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return .failure(.damaged)
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var place = 0
    while true {
      let part = min(packed.count - place, 1 << 28)
      let (code, taken, given) = packed.withUnsafeBufferPointer { input in
        buffer.withUnsafeMutableBufferPointer { output in
          stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + place) }
          stream.avail_in = UInt32(part)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let code = inflate(&stream, Z_NO_FLUSH)
          return (code, part - Int(stream.avail_in), output.count - Int(stream.avail_out))
        }
      }
      place += taken
      guard code == Z_OK || code == Z_STREAM_END else {
        return .failure(code == Z_BUF_ERROR && place == packed.count ? .cut : .damaged)
      }
      guard result.count + given <= most else { return .failure(.tooLarge) }
      result += buffer[..<given]
      if code == Z_STREAM_END {
        // What follows the last member is padding, as gzip itself has it.
        guard packing == .gzip, packed.dropFirst(place).starts(with: [0x1F, 0x8B]) else { return .success(result) }
        guard inflateReset(&stream) == Z_OK else { return .failure(.damaged) }
      } else if place == packed.count, given < buffer.count {
        return .failure(.cut)
      }
    }
  }
}
