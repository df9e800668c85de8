/// Turns the bytes of an image set into inputs of a network: resized, normalised, perhaps mirrored.
///
/// Bilinear, pixel centres at half steps and no smoothing before a reduction, as PyTorch's `interpolate` with
/// `align_corners=False`. Images of one channel are repeated for networks of more.
public struct InputPreparation: Sendable {
  /// The images.
  public let set: ImageSet
  /// Side of an input.
  public let side: Int
  /// Channels of an input.
  public let channels: Int
  /// What a byte becomes, 256 values a channel of the input.
  private let values: [Float]
  /// For each row or column of an input its two neighbours in the image and the second one's weight.
  private let places: [Place]

  private struct Place: Sendable {
    var first: Int
    var second: Int
    var weight: Float
  }

  /// Inputs of `channels` × `side` × `side` values.
  ///
  /// - Throws: ``DatasetError`` where the channels or the normalisation do not fit.
  public init(
    _ set: ImageSet, side: Int, channels: Int, normalization: DatasetPlan.Normalization
  ) throws(DatasetError) {
    guard set.channels == channels || set.channels == 1 else {
      throw DatasetError(
        "the images have \(set.channels) channels and the model takes \(channels); choose a model of \(set.channels) channels"
      )
    }
    func value(_ list: [Double], _ channel: Int, _ name: String) throws(DatasetError) -> Double {
      guard list.count == 1 || list.count == channels else {
        throw DatasetError(
          "normalize.\(name) has \(list.count) values; give one, or one for each of \(channels) channels")
      }
      return list.count == 1 ? list[0] : list[channel]
    }
    var values: [Float] = []
    for channel in 0..<channels {
      let mean = try value(normalization.mean, channel, "mean")
      let std = try value(normalization.std, channel, "std")
      for byte in 0..<256 { values.append(Float((Double(byte) / 255 - mean) / std)) }
    }
    self.set = set
    self.side = side
    self.channels = channels
    self.values = values
    let ratio = Double(set.side) / Double(side)
    places = (0..<side).map { place in
      let centre = max(0, (Double(place) + 0.5) * ratio - 0.5)
      let first = min(Int(centre), set.side - 1)
      return Place(
        first: first, second: min(first + 1, set.side - 1), weight: Float(min(1, centre - Double(first))))
    }
  }

  /// Values of one input.
  public var inputElements: Int { channels * side * side }

  /// Writes sample `sample` as the input number `place` of `input`, channel by channel, row by row.
  ///
  /// - Precondition: the set has the sample, and `input` the place.
  public func fill(_ input: UnsafeMutableBufferPointer<Float>, at place: Int, sample: Int, flipped: Bool) {
    precondition(sample < set.count && (place + 1) * inputElements <= input.count, "the sample and its place exist")
    let size = set.side * set.side
    set.pixels.withUnsafeBufferPointer { pixels in
      values.withUnsafeBufferPointer { values in
        for channel in 0..<channels {
          let image = sample * set.channels * size + (set.channels == 1 ? 0 : channel * size)
          let plane = UnsafeBufferPointer(rebasing: pixels[image..<image + size])
          let table = UnsafeBufferPointer(rebasing: values[channel * 256..<(channel + 1) * 256])
          let start = place * inputElements + channel * side * side
          let output = UnsafeMutableBufferPointer(rebasing: input[start..<start + side * side])
          if side == set.side {
            copy(plane, table, to: output, flipped)
          } else {
            resize(plane, table, to: output, flipped)
          }
        }
      }
    }
  }

  private func copy(
    _ plane: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<Float>,
    to output: UnsafeMutableBufferPointer<Float>, _ flipped: Bool
  ) {
    guard flipped else {
      for place in 0..<plane.count { output[place] = table[Int(plane[place])] }
      return
    }
    for row in 0..<side {
      for column in 0..<side { output[row * side + column] = table[Int(plane[row * side + side - 1 - column])] }
    }
  }

  private func resize(
    _ plane: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<Float>,
    to output: UnsafeMutableBufferPointer<Float>, _ flipped: Bool
  ) {
    let width = set.side
    places.withUnsafeBufferPointer { places in
      for row in 0..<side {
        let down = places[row]
        for column in 0..<side {
          let right = places[column]
          let top = mix(
            table[Int(plane[down.first * width + right.first])], table[Int(plane[down.first * width + right.second])],
            right.weight)
          let bottom = mix(
            table[Int(plane[down.second * width + right.first])], table[Int(plane[down.second * width + right.second])],
            right.weight)
          output[row * side + (flipped ? side - 1 - column : column)] = mix(top, bottom, down.weight)
        }
      }
    }
  }

  private func mix(_ first: Float, _ second: Float, _ weight: Float) -> Float {
    first + (second - first) * weight
  }
}
