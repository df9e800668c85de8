import Training

/// What the server keeps of a device whose part of the model is frozen: each sample's activations as they went up once,
/// packed, a tensor a mini-batch.
///
/// Round and bits say all that is in it, since device part, order and rounding follow from them: a checkpoint holds
/// these two numbers alone.
final class ActivationCache {
  /// The round in which the activations went up.
  let round: Int
  /// q_n of that round.
  let bits: Int
  /// The mini-batches as they went up; empty until ``Replica`` fills it.
  private var tensors: [PackedActivations] = []
  /// For each of the device's samples its mini-batch and its row in it.
  private var places: [(tensor: Int32, row: Int32)] = []

  /// A cache that is to be filled as in `round`.
  init(round: Int, bits: Int) {
    self.round = round
    self.bits = bits
  }

  /// Whether it holds all samples.
  var isFilled: Bool { !places.isEmpty }

  /// Makes room for `samples` samples.
  func begin(samples: Int) {
    tensors = []
    places = Array(repeating: (0, 0), count: samples)
  }

  /// Takes in a mini-batch whose rows are the device's samples at `places`.
  func append(_ tensor: PackedActivations, places rows: [Int]) {
    for (row, place) in rows.enumerated() { places[place] = (Int32(tensors.count), Int32(row)) }
    tensors.append(tensor)
  }

  /// Writes one sample's activations, as many as `values` has room for.
  func unpack(place: Int, into values: UnsafeMutableBufferPointer<Float>) {
    let (tensor, row) = places[place]
    let first = Int(row) * values.count
    tensors[Int(tensor)].unpack(range: first..<first + values.count, into: values)
  }
}
