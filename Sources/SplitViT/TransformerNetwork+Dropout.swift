import CTensor
import Randomness
import Training

/// What one step's dropout draws from: each matrix of each block has a stream of its own, and each of its inputs a place there, so
/// that the forward and the backward pass drop the same, whatever thread computes them.
struct StepDropout {
  /// The share of inputs that are dropped, in (0, 1).
  let share: Double
  private let seed: Seed

  /// - Parameter step: The number of the step in the device's round.
  init(share: Double, seed: Seed, round: Int, device: Int, step: Int) {
    self.share = share
    // Rounds, devices, steps, blocks and matrices are more names than a stream has: a step's streams have a seed of their own.
    var stream = seed.stream(.dropout, round, device)
    stream.skip(2 * step)
    self.seed = Seed(UInt64(stream.word()) << 32 | UInt64(stream.word()), repetition: seed.repetition)
  }

  /// The stream of a matrix.
  func stream(_ block: Int, _ tensor: TensorPlace.InBlock) -> RandomStream {
    seed.stream(.dropout, block, tensor.rawValue)
  }
}

/// Dropout on what adapters take, y = x Wᵀ + s d(x) Aᵀ Bᵀ, where d leaves out inputs at random and makes up for them in the others, as
/// peft does: the matrices cannot be added then, and W and the adapter act apart.
extension TransformerNetwork {
  /// Whether a matrix has an adapter whose inputs are dropped in the step under way.
  func drops(_ block: Int, _ tensor: TensorPlace.InBlock) -> Bool { dropout != nil && adapter(block, tensor) != nil }

  /// d(x) in ``NetworkMemory/dropped``, laid out as x is.
  func drop(_ block: Int, _ tensor: TensorPlace.InBlock, _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    let dropped = memory.dropped
    forEachMask(block, tensor, rows: rows, columns: columns) { first, factors in
      for (column, factor) in factors.enumerated() { dropped[first + column] = factor * x[first + column] }
    }
  }

  /// y += s d(x) Aᵀ Bᵀ, with d(x) as it was made; B from the output `first` on.
  func addAdapter(_ block: Int, _ tensor: TensorPlace.InBlock, _ dropped: Matrix, to y: Matrix, first: Int = 0) {
    guard let place = adapter(block, tensor), let adapters = layout.adapters else { return }
    let inner = Matrix(memory.inner, rows: dropped.rows, columns: adapters.rank)
    operators.add(dropped, weight: weight(at: place), to: inner, adds: false)
    kernels.scale(inner.rows * adapters.rank, Float(adapters.scale), inner.base)
    operators.add(inner, weight: weight(at: place + 1) + first * adapters.rank, to: y)
  }

  /// The gradient of d(x), s dy B A, in the place of d(x), or added to what is there.
  func droppedGradient(
    _ block: Int, _ tensor: TensorPlace.InBlock, _ dy: Matrix, to dropped: Matrix, first: Int = 0, adds: Bool = false
  ) {
    guard let place = adapter(block, tensor), let adapters = layout.adapters else { return }
    let inner = Matrix(memory.inner, rows: dy.rows, columns: adapters.rank)
    operators.inputGradient(
      dy, weight: weight(at: place + 1) + first * adapters.rank, to: inner, scale: Float(adapters.scale))
    operators.inputGradient(inner, weight: weight(at: place), to: dropped, adds: adds)
  }

  /// Adds the gradient of d(x) to that of x.
  func addDroppedGradient(
    _ block: Int, _ tensor: TensorPlace.InBlock, to dx: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    let dropped = memory.dropped
    forEachMask(block, tensor, rows: rows, columns: columns) { first, factors in
      for (column, factor) in factors.enumerated() { dx[first + column] += factor * dropped[first + column] }
    }
  }

  /// What each input of a row is multiplied with, 0 or 1 / (1 − share), row by row.
  private func forEachMask(
    _ block: Int, _ tensor: TensorPlace.InBlock, rows: Int, columns: Int,
    _ body: (_ first: Int, _ factors: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    guard let dropout else { return }
    var stream = dropout.stream(block, tensor)
    let limit = UInt32(dropout.share * 0x1p32)
    let kept = Float(1 / (1 - dropout.share))
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: columns) { words in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { factors in
        factors.initialize(repeating: 0)
        words.initialize(repeating: 0)
        for row in 0..<rows {
          stream.fill(words)
          for (column, word) in words.enumerated() { factors[column] = word < limit ? 0 : kept }
          body(row * columns, factors)
        }
      }
    }
  }
}
