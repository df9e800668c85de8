import ArgumentParser
import CTensor
import Foundation

/// The verb `products`: the matrix products of a training step, shape by shape, beside OpenBLAS's.
struct ProductsBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Measure the matrix products of a training step beside OpenBLAS, one thread each.",
    discussion: "OpenBLAS is made to take its kernels for the processors that our kernels are for: Haswell beside avx2."
  )

  /// Our kernels, and OpenBLAS's for the same processors.
  enum KernelSet: String, ExpressibleByArgument, CaseIterable {
    case avx2
    case avx512

    var core: String { self == .avx2 ? "Haswell" : "SkylakeX" }
    var kernels: tensor_kernels? { (self == .avx2 ? tensor_kernels_avx2() : tensor_kernels_avx512())?.pointee }
  }

  @Option(help: "The kernels.")
  var kernels = KernelSet.avx2

  @Option(parsing: .upToNextOption, help: "Widths of the models.")
  var widths = [192, 768]

  @Option(parsing: .upToNextOption, help: "Rows of x, the tokens of a mini-batch.")
  var rows = [1088, 65, 17, 1]

  @Option(help: "Repetitions; figures are medians.")
  var repetitions = 21

  @Option(help: "Where OpenBLAS is.")
  var library = "libopenblas.so.0"

  func validate() throws {
    guard widths.allSatisfy((1...4096).contains), rows.allSatisfy((1...16_384).contains),
      (1...1000).contains(repetitions)
    else { throw ValidationError("--widths allows 1 to 4096, --rows 1 to 16384, --repetitions 1 to 1000.") }
  }

  func run() throws {
    guard let ours = kernels.kernels else {
      throw ValidationError("--kernels \(kernels.rawValue): this processor cannot run them.")
    }
    let peer = try OpenBLAS(library, core: kernels.core)
    print("form             rows  outputs  inputs  GFLOP/s  \(peer.name) GFLOP/s  ratio")
    for rows in rows {
      for width in widths {
        for (outputs, inputs) in [(3 * width, width), (width, width), (4 * width, width), (width, 4 * width)] {
          for form in LinearProduct.Form.allCases {
            let product = LinearProduct(form, rows: rows, outputs: outputs, inputs: inputs)
            let (mine, other) = measure(product, ours, peer)
            let words = [
              form.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0), "\(rows)", "\(outputs)", "\(inputs)",
              decimals(product.operations / median(mine) / 1e9, 1),
              decimals(product.operations / median(other) / 1e9, 1),
              decimals(median(zip(other, mine).map { $0 / $1 }), 2),
            ]
            print(words.joined(separator: "  "))
          }
        }
      }
    }
  }

  /// Seconds of a product, the two in turns within each repetition.
  private func measure(
    _ product: LinearProduct, _ ours: tensor_kernels, _ peer: OpenBLAS
  ) -> (ours: [Double], peer: [Double]) {
    let times = max(1, Int(2e7 / product.operations))
    func seconds(_ body: () -> Void) -> Double {
      let begin = threadProcessorSeconds()
      for _ in 0..<times { body() }
      return (threadProcessorSeconds() - begin) / Double(times)
    }
    product.run(ours)
    product.run(peer)
    var (mine, other) = ([Double](), [Double]())
    for _ in 0..<repetitions {
      mine.append(seconds { product.run(ours) })
      other.append(seconds { product.run(peer) })
    }
    return (mine, other)
  }
}

/// One of the three products of a linear layer y = x Wᵀ, with memory of its own on lines of the cache.
private final class LinearProduct {
  enum Form: String, CaseIterable {
    case forward = "y = x W^T"
    case input = "dx = dy W"
    case weight = "dW = dy^T x"
  }

  let a: tensor_matrix
  let b: tensor_matrix
  let shape: (rows: Int, columns: Int, depth: Int)
  private let c: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<Float>
  private let memory: [UnsafeMutablePointer<Float>]

  init(_ form: Form, rows: Int, outputs: Int, inputs: Int) {
    func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
        .initializeMemory(as: Float.self, repeating: 0, count: count)
      for place in 0..<count { memory[place] = Float(place * 7919 % 2003) / 1000 - 1 }
      return memory
    }
    let (x, dy, w) = (numbers(rows * inputs), numbers(rows * outputs), numbers(outputs * inputs))
    func matrix(_ base: UnsafeMutablePointer<Float>, _ stride: Int, _ isTransposed: Bool = false) -> tensor_matrix {
      tensor_matrix(base: base, stride: stride, is_transposed: isTransposed)
    }
    switch form {
    case .forward: (a, b, shape) = (matrix(x, inputs), matrix(w, inputs, true), (rows, outputs, inputs))
    case .input: (a, b, shape) = (matrix(dy, outputs), matrix(w, inputs), (rows, inputs, outputs))
    case .weight: (a, b, shape) = (matrix(dy, outputs, true), matrix(x, inputs), (outputs, inputs, rows))
    }
    c = numbers(shape.rows * shape.columns)
    scratch = numbers(tensor_product_scratch)
    memory = [x, dy, w, c, scratch]
  }

  deinit { for numbers in memory { numbers.deallocate() } }

  var operations: Double { 2 * Double(shape.rows) * Double(shape.columns) * Double(shape.depth) }

  func run(_ kernels: tensor_kernels) {
    kernels.product(a, b, shape.rows, shape.columns, shape.depth, 1, false, c, shape.columns, scratch)
  }

  func run(_ peer: OpenBLAS) { peer.multiply(a, b, shape, c) }
}

/// OpenBLAS's product, in its library's memory and one thread.
private struct OpenBLAS {
  private typealias Product =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>,
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Float>, UnsafePointer<Int32>,
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Int32>
    ) -> Void

  /// The library and the processor whose kernels it takes.
  let name: String
  private let product: Product

  init(_ path: String, core: String) throws {
    setenv("OPENBLAS_CORETYPE", core, 1)
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let library = dlopen(path, RTLD_NOW), let product = dlsym(library, "sgemm_"),
      let name = dlsym(library, "openblas_get_corename")
    else { throw ValidationError("--library '\(path)' is no OpenBLAS; Debian has it as libopenblas0-pthread.") }
    self.product = unsafeBitCast(product, to: Product.self)
    typealias Name = @convention(c) () -> UnsafePointer<CChar>
    self.name = "OpenBLAS \(String(cString: unsafeBitCast(name, to: Name.self)()))"
  }

  /// Column-major, it takes a row-major matrix for its transpose: cᵀ = bᵀ aᵀ.
  func multiply(
    _ a: tensor_matrix, _ b: tensor_matrix, _ shape: (rows: Int, columns: Int, depth: Int),
    _ c: UnsafeMutablePointer<Float>
  ) {
    func letter(_ matrix: tensor_matrix) -> CChar { CChar(bitPattern: UInt8(ascii: matrix.is_transposed ? "T" : "N")) }
    product(
      [letter(b)], [letter(a)], [Int32(shape.columns)], [Int32(shape.rows)], [Int32(shape.depth)], [1], b.base,
      [Int32(b.stride)], a.base, [Int32(a.stride)], [0], c, [Int32(shape.columns)])
  }
}
