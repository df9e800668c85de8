import NumpyFiles
import Units
import Wireless

/// Gains in decibels as an array of NumPy of the shape (rounds, devices, blocks), or (devices, blocks) for one round: a `.npy` file,
/// or a `.npz` file with one array, or with one named `gain_db`. `-inf` and `nan` are no link.
struct GainArray {
  /// The gains.
  let gains: Scenario.GainFile
  /// What looks wrong with them.
  let warnings: [Diagnostic]

  /// Whether these are the bytes of a `.npy` or a `.npz` file.
  static func isArray(_ bytes: [UInt8]) -> Bool { bytes.starts(with: NumpyArray.magic) || ZipFile.isZip(bytes) }

  /// Reads the bytes of `file`.
  ///
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong.
  init(_ bytes: [UInt8], file: String, deviceCount: Int, blockCount: Int) throws {
    try GainTable.refuseLarge(deviceCount: deviceCount, blockCount: blockCount, file: file)
    let array: NumpyArray
    do {
      array = try Self.array(in: bytes)
      try Self.check(array.shape, deviceCount: deviceCount, blockCount: blockCount)
    } catch let refusal as NumpyArray.Refusal {
      throw ScenarioErrors(at: Diagnostic.Position(file), "the file \(refusal.message)")
    }
    var extremes = GainExtremes<(Int, Int, Int)>()
    let isOneRound = array.shape.count == 2
    func shown(_ place: (Int, Int, Int)) -> (position: Diagnostic.Position, keyPath: String) {
      (Diagnostic.Position(file), "gain_db[\(isOneRound ? "" : "\(place.0), ")\(place.1), \(place.2)]")
    }
    let strides = isOneRound ? [0] + array.strides : array.strides
    let rounds = try array.withNumbers { number in
      try (0..<(isOneRound ? 1 : array.shape[0])).map { round in
        var values: [Double] = []
        values.reserveCapacity(deviceCount * blockCount)
        for device in 0..<deviceCount {
          for block in 0..<blockCount {
            let decibels = number(round * strides[0] + device * strides[1] + block * strides[2])
            if decibels.isNaN || decibels == -.infinity {
              values.append(0)
              continue
            }
            guard GainTable.limits.range.contains(decibels) else {
              let place = shown((round, device, block))
              throw ScenarioErrors(
                at: place.position, path: place.keyPath,
                "\(decibels) is out of range; it may be from \(GainTable.limits.range.lowerBound) to "
                  + "\(GainTable.limits.range.upperBound), or -inf or nan where there is no link")
            }
            extremes.add(decibels, at: (round, device, block))
            values.append(Decibel.ratio(decibels))
          }
        }
        return GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: values)
      }
    }
    gains = Scenario.GainFile(path: file, rounds: rounds)
    warnings = extremes.warnings(shown)
  }

  /// The array of a `.npy` file or the one of a `.npz` file.
  private static func array(in bytes: [UInt8]) throws -> NumpyArray {
    guard ZipFile.isZip(bytes) else { return try NumpyArray(bytes[...], of: NumpyArray.Element.floats) }
    let zip = try ZipFile(bytes)
    let named = zip.entries.first { $0.name == "gain_db.npy" }
    guard let entry = named ?? (zip.entries.count == 1 ? zip.entries[0] : nil) else {
      let names = zip.entries.prefix(6).map { ShownText.quoted($0.name) }.joined(separator: ", ")
      throw NumpyArray.Refusal(
        "holds \(zip.entries.isEmpty ? "no array" : names + (zip.entries.count > 6 ? ", …" : "")); write one array, or name "
          + "it gain_db (numpy.savez_compressed(path, gain_db=gains))")
    }
    let unpacked = try zip.bytes(of: entry, limit: GainTable.largest, kind: "a gain file")
    guard unpacked.starts(with: NumpyArray.magic) else {
      throw NumpyArray.Refusal("holds \(ShownText.quoted(entry.name)), which is no array of NumPy")
    }
    return try NumpyArray(unpacked, of: NumpyArray.Element.floats)
  }

  private static func check(_ shape: [Int], deviceCount: Int, blockCount: Int) throws(NumpyArray.Refusal) {
    guard shape.count == 2 || shape.count == 3, shape.suffix(2) == [deviceCount, blockCount], shape[0] > 0 else {
      throw NumpyArray.Refusal(
        "has the shape \(NumpyArray.shown(shape)); with \(deviceCount) devices and \(blockCount) blocks it may be "
          + "(rounds, \(deviceCount), \(blockCount)), or (\(deviceCount), \(blockCount)) for one round")
    }
  }
}
