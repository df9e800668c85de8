import CTensor
import Training

extension TransformerNetwork {
  /// The patch projection of `input`, as one product over the patches of all images.
  func embed(count: Int) {
    let width = architecture.width
    let rows = count * architecture.patches
    tensor_patches(
      memory.input, count, architecture.channels, architecture.image, architecture.patch, memory.patches)
    operators.startRows(weight(.patchBias), rows: rows, width: width, y: memory.embedded, stride: width)
    operators.add(
      patchRows(count), weight: weight(.patchWeight), to: Matrix(memory.embedded, rows: rows, columns: width))
  }

  /// The images as rows of patches.
  func patchRows(_ count: Int) -> Matrix {
    let rows = count * architecture.patches
    return Matrix(memory.patches, rows: rows, columns: architecture.inputElements / architecture.patches)
  }

  /// Class token and positions.
  func addPositions(count: Int) {
    operators.addPositions(
      memory.embedded, classToken: weight(.classToken), positions: weight(.positions), samples: count,
      tokens: architecture.tokens, width: architecture.width, to: memory.blocks[0].input)
  }

  /// All behind the cut, to the logits.
  func forwardServer(count: Int, keepsSlopes: Bool) {
    if cut == .embedding { addPositions(count: count) }
    for block in cut.deviceBlocks..<architecture.depth {
      forward(
        block: block, memory.blocks[block], count: count,
        isShort: isLastBlockShort && block == architecture.depth - 1, keepsSlopes: keepsSlopes)
    }
    forwardHead(memory.blocks[architecture.depth - 1].output, stride: lastStride, count: count)
  }

  /// Elements from one sample's class token to the next in the last block's output.
  var lastStride: Int { (isLastBlockShort ? 1 : architecture.tokens) * architecture.width }

  /// The last norm and the head on the class token of each sample.
  func forwardHead(_ stream: UnsafeMutablePointer<Float>, stride: Int, count: Int) {
    let width = architecture.width
    let classes = architecture.classes
    operators.layerNorm(
      stream, stride: stride, weight: weight(.normWeight), bias: weight(.normBias), epsilon: normEpsilon, rows: count,
      width: width, to: memory.norm, statistics: memory.normStats)
    kernels.start_rows(weight(.headBias), nil, 0, count, classes, memory.logits, classes)
    operators.add(
      Matrix(memory.norm, rows: count, columns: width), weight: weight(.headWeight),
      to: Matrix(memory.logits, rows: count, columns: classes))
  }

  /// One block. `isShort`: attention asks for the class token alone, and the rest has one row per sample.
  func forward(block: Int, _ place: BlockMemory, count: Int, isShort: Bool, keepsSlopes: Bool) {
    let width = architecture.width
    let tokens = architecture.tokens
    let rows = count * tokens
    let rowsOut = isShort ? count : rows
    func weight(_ tensor: TensorPlace.InBlock) -> UnsafeMutablePointer<Float> { self.weight(.block(block, tensor)) }
    func effective(_ tensor: TensorPlace.InBlock) -> UnsafeMutablePointer<Float> { self.effective(block, tensor) }
    func matrix(_ base: UnsafeMutablePointer<Float>, _ columns: Int) -> Matrix {
      Matrix(base, rows: rowsOut, columns: columns)
    }
    func add(
      _ x: UnsafeMutablePointer<Float>, _ inputs: Int, _ tensor: TensorPlace.InBlock, to y: UnsafeMutablePointer<Float>,
      _ outputs: Int
    ) {
      let (x, y) = (matrix(x, inputs), matrix(y, outputs))
      operators.add(x, weight: effective(tensor), to: y)
      guard drops(block, tensor) else { return }
      drop(block, tensor, x.base, rows: rowsOut, columns: inputs)
      addAdapter(block, tensor, matrix(memory.dropped, inputs), to: y)
    }

    operators.layerNorm(
      place.input, stride: width, weight: weight(.norm1Weight), bias: weight(.norm1Bias), epsilon: normEpsilon,
      rows: rows, width: width, to: place.norm1, statistics: place.stats1)
    let qkvWeight = effective(.qkvWeight)
    let dropsQKV = drops(block, .qkvWeight)
    if dropsQKV { drop(block, .qkvWeight, place.norm1, rows: rows, columns: width) }
    func project(_ part: QKVPart) {
      let y = part.qkv(place.qkv)
      operators.startRows(weight(.qkvBias) + part.first, rows: y.rows, width: y.columns, y: y.base, stride: y.stride)
      operators.add(part.stream(place.norm1), weight: qkvWeight + part.first * width, to: y)
      if dropsQKV { addAdapter(block, .qkvWeight, part.stream(memory.dropped), to: y, first: part.first) }
    }
    if isShort {
      project(.keysAndValues(width: width, tokens: tokens, count: count))
      project(.classQueries(width: width, tokens: tokens, count: count))
    } else {
      project(.all(width: width, tokens: tokens, count: count))
    }
    operators.attention(
      attentionShape(count: count, isShort: isShort), qkv: place.qkv, probabilities: place.probabilities,
      to: place.attended)

    operators.startRows(
      weight(.projectionBias), residual: place.input, residualStride: isShort ? tokens * width : width, rows: rowsOut,
      width: width, y: place.middle, stride: width)
    add(place.attended, width, .projectionWeight, to: place.middle, width)

    operators.layerNorm(
      place.middle, stride: width, weight: weight(.norm2Weight), bias: weight(.norm2Bias), epsilon: normEpsilon,
      rows: rowsOut, width: width, to: place.norm2, statistics: place.stats2)
    operators.startRows(weight(.hiddenBias), rows: rowsOut, width: 4 * width, y: place.slopes, stride: 4 * width)
    add(place.norm2, width, .hiddenWeight, to: place.slopes, 4 * width)
    operators.gelu(
      place.slopes, count: rowsOut * 4 * width, to: place.hidden, slope: keepsSlopes ? place.slopes : nil)
    operators.startRows(
      weight(.outputBias), residual: place.middle, residualStride: width, rows: rowsOut, width: width, y: place.output,
      stride: width)
    add(place.hidden, 4 * width, .outputWeight, to: place.output, width)
  }

  func attentionShape(count: Int, isShort: Bool) -> tensor_attention_shape {
    tensor_attention_shape(
      samples: count, heads: architecture.heads, tokens: architecture.tokens,
      queries: isShort ? 1 : architecture.tokens, head_width: architecture.width / architecture.heads,
      stride: 3 * architecture.width)
  }
}
