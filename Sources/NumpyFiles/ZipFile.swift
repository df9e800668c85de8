import CZlib

/// The files in a zip archive as `numpy.savez` and `numpy.savez_compressed` write them: stored or deflated, with the lengths of
/// zip64 where they are used.
package struct ZipFile {
  /// A file of the archive.
  package struct Entry {
    package let name: String
    fileprivate let isDeflated: Bool
    fileprivate let checksum: UInt32
    fileprivate let packed: Range<Int>
    fileprivate let size: Int
  }

  /// The files, in the order of the directory.
  package let entries: [Entry]
  private let bytes: [UInt8]

  /// The bytes that an archive begins with, one without files, too.
  package static func isZip(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: Array("PK\u{5}\u{6}".utf8))
  }

  /// Reads the directory.
  ///
  /// - Throws: ``NumpyArray/Refusal``.
  package init(_ bytes: [UInt8]) throws(NumpyArray.Refusal) {
    guard let directory = Self.directory(of: bytes[...]) else {
      throw .init("is cut off or damaged: it has no directory of a zip file at its end")
    }
    let damaged = NumpyArray.Refusal("is damaged: its directory does not lead to the files of a zip file")
    var entries: [Entry] = []
    var place = directory.start
    for _ in 0..<directory.count {
      guard let (entry, end) = try Self.entry(of: bytes[...], at: place) else { throw damaged }
      entries.append(entry)
      place = end
    }
    (self.entries, self.bytes) = (entries, bytes)
  }

  /// Where the directory begins, and how many files it has. Its end is found from the file's: 22 bytes, and a comment.
  private static func directory(of bytes: ArraySlice<UInt8>) -> (start: Int, count: Int)? {
    let last = bytes.count - 22
    guard last >= 0 else { return nil }
    for end in stride(from: last, through: max(0, last - 0xffff), by: -1) where bytes[end] == 0x50 {
      guard bytes.littleEndian(at: end, bytes: 4) == 0x0605_4b50,
        bytes.littleEndian(at: end + 20, bytes: 2) == last - end,
        let count = bytes.littleEndian(at: end + 10, bytes: 2), let start = bytes.littleEndian(at: end + 16, bytes: 4)
      else { continue }
      guard count == 0xffff || start == 0xffff_ffff else { return (start, count) }
      guard bytes.littleEndian(at: end - 20, bytes: 4) == 0x0706_4b50,
        let large = bytes.littleEndian(at: end - 12, bytes: 8),
        bytes.littleEndian(at: large, bytes: 4) == 0x0606_4b50,
        let count = bytes.littleEndian(at: large + 32, bytes: 8),
        let start = bytes.littleEndian(at: large + 48, bytes: 8)
      else { return nil }
      return (start, count)
    }
    return nil
  }

  /// The file whose line of the directory stands at `place`, and where the next one stands; `nil` where there is none.
  private static func entry(
    of bytes: ArraySlice<UInt8>, at place: Int
  ) throws(NumpyArray.Refusal) -> (Entry, end: Int)? {
    func number(_ offset: Int, _ count: Int) -> Int? {
      place < bytes.count ? bytes.littleEndian(at: place + offset, bytes: count) : nil
    }
    guard number(0, 4) == 0x0201_4b50, let flags = number(8, 2), let method = number(10, 2),
      let checksum = number(16, 4), var packed = number(20, 4), var size = number(24, 4),
      let nameLength = number(28, 2), let extraLength = number(30, 2), let commentLength = number(32, 2),
      var start = number(42, 4)
    else { return nil }
    let extra = place + 46 + nameLength
    let end = extra + extraLength + commentLength
    guard end <= bytes.count else { return nil }
    let name = String(decoding: bytes[place + 46..<extra], as: UTF8.self)
    // The lengths of zip64 stand in an extra field, only those that do not fit.
    var field = extra
    while field + 4 <= extra + extraLength, let kind = bytes.littleEndian(at: field, bytes: 2),
      let length = bytes.littleEndian(at: field + 2, bytes: 2)
    {
      var next = field + 4
      field = next + length
      guard kind == 1, field <= extra + extraLength else { continue }
      func long(_ value: inout Int) -> Bool {
        guard value == 0xffff_ffff else { return true }
        guard next + 8 <= field, let known = bytes.littleEndian(at: next, bytes: 8) else { return false }
        (value, next) = (known, next + 8)
        return true
      }
      guard long(&size), long(&packed), long(&start) else { return nil }
    }
    guard flags & 1 == 0 else { throw .init("holds an encrypted file; write it without a password") }
    guard method == 0 || method == 8 else {
      throw .init("is packed by the method \(method) of zip; stored and deflated files can be read (numpy.savez)")
    }
    guard start < bytes.count, bytes.littleEndian(at: start, bytes: 4) == 0x0403_4b50,
      let localName = bytes.littleEndian(at: start + 26, bytes: 2),
      let localExtra = bytes.littleEndian(at: start + 28, bytes: 2)
    else { return nil }
    let first = start + 30 + localName + localExtra
    guard first <= bytes.count, packed <= bytes.count - first, method == 8 || packed == size else { return nil }
    let entry = Entry(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum),
      packed: first..<first + packed, size: size)
    return (entry, end)
  }

  /// The bytes of a file, unpacked.
  ///
  /// - Parameters:
  ///   - limit: Bytes allowed; where the directory claims more, nothing is unpacked.
  ///   - kind: What the file should be, `"a gain file"`.
  /// - Throws: ``NumpyArray/Refusal``.
  package func bytes(of entry: Entry, limit: Int, kind: String) throws(NumpyArray.Refusal) -> ArraySlice<UInt8> {
    let packed = bytes[entry.packed]
    let most = Inflater.mostUnpacked(packed.count, limit: limit)
    guard entry.size <= most else {
      throw .init("unpacks to \(entry.size) bytes, too many for \(kind) of \(packed.count) packed bytes")
    }
    let unpacked: ArraySlice<UInt8>
    if entry.isDeflated {
      do {
        let inflater = Inflater(.deflate, most: entry.size)
        unpacked = try inflater.unpack(packed)[...]
        try inflater.end()
      } catch {
        throw .init("is damaged: what is packed in it cannot be unpacked")
      }
    } else {
      unpacked = packed
    }
    let checksum = unpacked.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    guard unpacked.count == entry.size, UInt32(truncatingIfNeeded: checksum) == entry.checksum else {
      throw .init("is damaged: its contents have another checksum than it says")
    }
    return unpacked
  }
}
