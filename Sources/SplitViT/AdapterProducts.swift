import Numerics
import Training

/// The sum of several models' products s B A with weights of their own: added to the matrices themselves, or as adapters again, for each
/// matrix the closest of that rank, which is the sum itself where the rank suffices.
///
/// The sum of m products is L Rᵀ, L = [w₁ B₁ … w_m B_m] and R = [A₁ᵀ … A_mᵀ]. With L = Q_L T_L and R = Q_R T_R only the core T_L T_Rᵀ, of at
/// most m r rows and columns, is decomposed: T_L T_Rᵀ V = W. Of W and V those columns are kept that belong to the largest singular
/// values. B = √3 Q_L W and A = (Q_R V)ᵀ / √3: rows of A are orthogonal to each other and as long as a drawn one is on average, B holds the
/// values, and where the sum has a smaller rank B is zero and A is not, so that training can go on there. How the values are shared
/// out is ours, and so are the signs, which are those of `Numerics.singularFactors`.
///
/// Computed in double precision, a matrix at a time and in one order, so that the bits are the same on any number of threads. O(m² r²
/// (inputs + outputs + m r)) for each matrix, to be added to it O(m r inputs outputs), and a copy of each model's adapters.
final class AdapterProducts {
  private let pairs: [AdapterPair]
  private let rank: Int
  private let scale: Double
  private let count: Int
  private var terms: [(weight: Double, adapters: [Float])] = []

  /// A sum of nothing.
  init(_ layout: ParameterLayout) {
    pairs = layout.adapterPairs
    rank = layout.adapters?.rank ?? 0
    scale = layout.adapters?.scale ?? 0
    count = layout.adapterRange.count
  }

  /// Adds `weight` times the products of a model of which `values` is what is trained.
  func add(_ weight: Double, _ values: UnsafeMutableBufferPointer<Float>) {
    terms.append((weight, Array(values[..<count])))
  }

  /// Adds the sum to the matrices of `model`, side by side: each element in double precision, product by product, rounded once.
  func merge(into model: UnsafeMutableBufferPointer<Float>, on pool: WorkerPool) {
    nonisolated(unsafe) let model = model
    pool.forEach(pairs.count) { _, index in merge(pairs[index], into: model) }
  }

  private func merge(_ pair: AdapterPair, into model: UnsafeMutableBufferPointer<Float>) {
    var sums = [Double](repeating: 0, count: pair.inputs)
    for row in 0..<pair.outputs {
      let weights = model.run(
        pair.matrix.lowerBound + row * pair.inputs..<pair.matrix.lowerBound + (row + 1) * pair.inputs)
      for column in 0..<pair.inputs { sums[column] = Double(weights[column]) }
      for term in terms {
        for component in 0..<rank {
          let b = Double(term.adapters[pair.b.lowerBound + row * rank + component])
          guard b != 0 else { continue }
          let (factor, first) = (term.weight * scale * b, pair.a.lowerBound + component * pair.inputs)
          for column in 0..<pair.inputs { sums[column] += factor * Double(term.adapters[first + column]) }
        }
      }
      for column in 0..<pair.inputs { weights[column] = Float(sums[column]) }
    }
  }

  /// Puts the adapters of the sum in their place in `values`, matrices side by side.
  func write(into values: UnsafeMutableBufferPointer<Float>, on pool: WorkerPool) {
    nonisolated(unsafe) let values = values
    pool.forEach(pairs.count) { _, index in write(pairs[index], into: values) }
  }

  private func write(_ pair: AdapterPair, into values: UnsafeMutableBufferPointer<Float>) {
    var left = DenseMatrix(rows: pair.outputs, columns: terms.count * rank)
    var right = DenseMatrix(rows: pair.inputs, columns: terms.count * rank)
    for (place, term) in terms.enumerated() {
      for component in 0..<rank {
        let column = place * rank + component
        for row in 0..<pair.outputs {
          left[row, column] = term.weight * Double(term.adapters[pair.b.lowerBound + row * rank + component])
        }
        for row in 0..<pair.inputs {
          right[row, column] = Double(term.adapters[pair.a.lowerBound + component * pair.inputs + row])
        }
      }
    }
    let (outputs, inputs) = (Numerics.orthogonalFactors(left), Numerics.orthogonalFactors(right))
    let (w, v) = Numerics.singularFactors(outputs.r.times(inputs.r.transposed))
    let (b, a) = (outputs.q.times(w), inputs.q.times(v))
    let length = 3.0.squareRoot()
    for component in 0..<rank {
      let isThere = component < w.columns
      for row in 0..<pair.outputs {
        values[pair.b.lowerBound + row * rank + component] = isThere ? Float(length * b[row, component]) : 0
      }
      for row in 0..<pair.inputs {
        values[pair.a.lowerBound + component * pair.inputs + row] = isThere ? Float(a[row, component] / length) : 0
      }
    }
  }
}

extension AdapterProducts {
  /// Bytes that the sum of `models` models takes: their adapters and, where it becomes adapters again, the factors of the largest matrix
  /// on each of `threads` threads.
  static func bytes(_ layout: ParameterLayout, models: Int, threads: Int) -> Double {
    guard let adapters = layout.adapters, adapters.aggregation != .apart else { return 0 }
    let copies = 4 * Double(models) * Double(layout.adapterRange.count)
    guard adapters.aggregation == .svd else { return copies }
    let columns = Double(models * adapters.rank)
    let factors = layout.adapterPairs.map { pair in
      [pair.outputs, pair.inputs].map(Double.init).reduce(0) { sum, rows in
        sum + 8 * (rows * columns + min(rows, columns) * (rows + columns))
      }
    }
    return copies + Double(min(threads, factors.count)) * (factors.max() ?? 0)
  }

  /// Bytes of the adapters that it holds.
  var heldBytes: Int { terms.reduce(0) { $0 + 4 * $1.adapters.count } }
}
