import CTensor
import Training

extension TransformerNetwork {
  /// From the gradient of the logits to that of the activations at the cut, or as far as something is trained.
  func backwardServer(count: Int) {
    let width = architecture.width
    let last = memory.blocks[architecture.depth - 1]
    backwardHead(count: count)
    operators.inputGradient(
      Matrix(memory.logitGradient, rows: count, columns: architecture.classes), weight: weight(.headWeight),
      to: Matrix(memory.rowGradient, rows: count, columns: width))
    let stream = isLastBlockShort ? memory.classGradient : memory.streamGradient
    stream.update(repeating: 0, count: count * lastStride)
    operators.layerNormGradient(
      last.output, stride: lastStride, statistics: memory.normStats, weight: weight(.normWeight),
      dy: memory.rowGradient, rows: count, width: width, to: stream, weightGradient: gradient(.normWeight),
      biasGradient: gradient(.normBias))
    for block in (max(cut.deviceBlocks, firstTrainedBlock)..<architecture.depth).reversed() {
      backward(block: block, count: count, isShort: isLastBlockShort && block == architecture.depth - 1)
    }
    if firstTrainedBlock >= cut.deviceBlocks, layout.adapters != nil {
      activationGradients.update(repeating: 0)
    } else if cut == .embedding {
      backwardPositions(count: count)
    }
  }

  /// The gradients of the head's weights alone.
  func backwardHead(count: Int) {
    let classes = architecture.classes
    kernels.sum_rows(memory.logitGradient, classes, count, classes, gradient(.headBias))
    operators.weightGradient(
      Matrix(memory.logitGradient, rows: count, columns: classes),
      Matrix(memory.norm, rows: count, columns: architecture.width), to: gradient(.headWeight))
  }

  /// Gradients of class token and positions, and of the embedded patches.
  func backwardPositions(count: Int) {
    let width = architecture.width
    let sample = architecture.tokens * width
    operators.sumRows(memory.streamGradient, stride: sample, rows: count, width: sample, to: gradient(.positions))
    gradient(.classToken).update(from: gradient(.positions), count: width)
    for place in 0..<count {
      (memory.rowGradient + place * (sample - width)).update(
        from: memory.streamGradient + place * sample + width, count: sample - width)
    }
  }

  /// Gradients of the patch projection.
  func backwardEmbedding(count: Int) {
    let width = architecture.width
    let rows = count * architecture.patches
    operators.sumRows(memory.rowGradient, stride: width, rows: rows, width: width, to: gradient(.patchBias))
    operators.weightGradient(
      Matrix(memory.rowGradient, rows: rows, columns: width), patchRows(count), to: gradient(.patchWeight))
  }

  /// One block, from the gradient of its output to that of its input, both in the stream's place. A short block takes the
  /// gradient of the class token's rows and puts out that of all. Before the first block with adapters nothing wants a gradient.
  func backward(block: Int, count: Int, isShort: Bool) {
    let place = memory.blocks[block]
    let width = architecture.width
    let tokens = architecture.tokens
    let rows = count * tokens
    let rowsOut = isShort ? count : rows
    let stream = isShort ? memory.classGradient : memory.streamGradient
    func weight(_ tensor: TensorPlace.InBlock) -> UnsafeMutablePointer<Float> { self.weight(.block(block, tensor)) }
    func gradient(_ tensor: TensorPlace.InBlock) -> UnsafeMutablePointer<Float> { self.gradient(.block(block, tensor)) }
    let isFrozen = layout.adapters != nil
    func backwardBias(_ dy: UnsafeMutablePointer<Float>, _ tensor: TensorPlace.InBlock) {
      if !isFrozen { operators.sumRows(dy, stride: width, rows: rowsOut, width: width, to: gradient(tensor)) }
    }
    func backwardWeight(
      _ dy: Matrix, _ x: Matrix, _ tensor: TensorPlace.InBlock, first: Int = 0, adds: Bool = false
    ) {
      if isFrozen {
        adapterGradient(block, tensor, dy, x, first: first, adds: adds)
      } else {
        operators.weightGradient(dy, x, to: gradient(tensor) + first * x.columns)
      }
    }
    /// Gradients of weight and input of a product; that of its bias is added up elsewhere.
    func backward(
      _ dy: UnsafeMutablePointer<Float>, _ outputs: Int, _ x: UnsafeMutablePointer<Float>, _ inputs: Int,
      _ tensor: TensorPlace.InBlock, to dx: UnsafeMutablePointer<Float>
    ) {
      let dy = Matrix(dy, rows: rowsOut, columns: outputs)
      let drops = drops(block, tensor)
      if drops { drop(block, tensor, x, rows: rowsOut, columns: inputs) }
      backwardWeight(dy, Matrix(drops ? memory.dropped : x, rows: rowsOut, columns: inputs), tensor)
      operators.inputGradient(
        dy, weight: effective(block, tensor), to: Matrix(dx, rows: rowsOut, columns: inputs))
      guard drops else { return }
      droppedGradient(block, tensor, dy, to: Matrix(memory.dropped, rows: rowsOut, columns: inputs))
      addDroppedGradient(block, tensor, to: dx, rows: rowsOut, columns: inputs)
    }

    backwardBias(stream, .outputBias)
    backward(stream, width, place.hidden, 4 * width, .outputWeight, to: memory.hiddenGradient)
    operators.multiplySumRows(
      place.slopes, rows: rowsOut, width: 4 * width, dx: memory.hiddenGradient, sum: gradient(.hiddenBias))
    backward(memory.hiddenGradient, 4 * width, place.norm2, width, .hiddenWeight, to: memory.rowGradient)
    operators.layerNormGradient(
      place.middle, stride: width, statistics: place.stats2, weight: weight(.norm2Weight), dy: memory.rowGradient,
      rows: rowsOut, width: width, to: stream, weightGradient: gradient(.norm2Weight),
      biasGradient: gradient(.norm2Bias))

    backwardBias(stream, .projectionBias)
    backward(stream, width, place.attended, width, .projectionWeight, to: memory.rowGradient)
    guard goesOn(before: block) || adapter(block, .qkvWeight) != nil else { return }
    operators.attentionGradient(
      attentionShape(count: count, isShort: isShort), qkv: place.qkv, probabilities: place.probabilities,
      memory.rowGradient, to: memory.qkvGradient)

    let parts: (first: QKVPart, second: QKVPart?) =
      isShort
      ? (
        .keysAndValues(width: width, tokens: tokens, count: count),
        .classQueries(width: width, tokens: tokens, count: count)
      ) : (.all(width: width, tokens: tokens, count: count), nil)
    let dropsQKV = drops(block, .qkvWeight)
    if dropsQKV { drop(block, .qkvWeight, place.norm1, rows: rows, columns: width) }
    func backwardWeight(_ part: QKVPart, adds: Bool) {
      let dy = part.qkv(memory.qkvGradient)
      if !isFrozen {
        operators.sumRows(
          dy.base, stride: dy.stride, rows: dy.rows, width: dy.columns, to: gradient(.qkvBias) + part.first)
      }
      backwardWeight(
        dy, part.stream(dropsQKV ? memory.dropped : place.norm1), .qkvWeight, first: part.first, adds: adds)
    }
    backwardWeight(parts.first, adds: false)
    if let second = parts.second { backwardWeight(second, adds: true) }
    guard goesOn(before: block) else { return }
    let qkvWeight = effective(block, .qkvWeight)
    func backward(_ part: QKVPart, adds: Bool) {
      operators.inputGradient(
        part.qkv(memory.qkvGradient), weight: qkvWeight + part.first * width, to: part.stream(memory.rowGradient),
        adds: adds)
      guard dropsQKV else { return }
      droppedGradient(
        block, .qkvWeight, part.qkv(memory.qkvGradient), to: part.stream(memory.dropped), first: part.first, adds: adds)
    }
    backward(parts.first, adds: false)
    if let second = parts.second {
      backward(second, adds: true)
      spreadClassGradient(count: count)
    }
    if dropsQKV { addDroppedGradient(block, .qkvWeight, to: memory.rowGradient, rows: rows, columns: width) }
    operators.layerNormGradient(
      place.input, stride: width, statistics: place.stats1, weight: weight(.norm1Weight), dy: memory.rowGradient,
      rows: rows, width: width, to: memory.streamGradient, weightGradient: gradient(.norm1Weight),
      biasGradient: gradient(.norm1Bias))
  }

  /// The residual path of a short block: the class token's gradient among zeros.
  private func spreadClassGradient(count: Int) {
    let width = architecture.width
    let sample = architecture.tokens * width
    memory.streamGradient.update(repeating: 0, count: count * sample)
    for place in 0..<count {
      (memory.streamGradient + place * sample).update(from: memory.classGradient + place * width, count: width)
    }
  }
}
