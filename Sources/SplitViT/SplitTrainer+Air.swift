import Datasets
import Trace
import Training

/// What goes over the air in a round, tensor by tensor.
///
/// What crossed the cut is told as it was packed; what is lost of a device that was late, and so was not trained, follows from its
/// mini-batches. Both ways are listed, whether the scenario has a downlink to price or not.
extension SplitTrainer {
  /// The rows of `tensors.csv`: of each device, ascending, the model as it comes down, its steps, and the model as it goes up unless
  /// the device was late.
  func tensorsOnAir(in work: RoundWork) -> [TensorRecord] {
    work.participants.sorted { $0.device < $1.device }
      .filter { !settings.partition.samples[$0.device].isEmpty }.flatMap { participant in
        let own = weightsOnAir(of: participant, in: work.round)
        return weightsDown(to: participant, in: work.round, own) + steps(of: participant, in: work.round)
          + (participant.isLate ? [] : own)
      }
  }

  /// The model as it comes down, which is what goes up; but where products are stacked of these all that the device has not been sent
  /// yet, or the matrix itself where that is less. An A that begins anew follows from the seed.
  private func weightsDown(
    to participant: RoundWork.Participant, in round: Int, _ own: [TensorRecord]
  ) -> [TensorRecord] {
    guard settings.traits.upload != .rawData else { return [] }
    let down = own.map { $0.directed(.down) }
    guard settings.adapters?.aggregation == .stacked else { return down }
    let (layout, rank) = (settings.layout, missed[participant.device] ?? 0)
    let sent = Set(own.map(\.tensor))
    let stacks = layout.adapterPairs.enumerated().flatMap { number, pair -> [TensorRecord] in
      let tensors = layout.adapterTensors.dropFirst(2 * number).prefix(2).map(\.name)
      guard rank > 0, sent.contains(tensors[0]) else { return [] }
      let matrix = layout.matrix(ofAdapter: number)
      let shapes =
        rank * (pair.inputs + pair.outputs) < matrix.count
        ? [(tensors[0], [rank, pair.inputs]), (tensors[1], [pair.outputs, rank])] : [(matrix.name, matrix.shape)]
      return shapes.map { TensorRecord(round, participant.device, .down, $0.0, $0.1, bits: 32, .approximate) }
    }
    return stacks + down.filter { !$0.tensor.contains(".lora_") }
  }

  /// What is sent beside steps: what is trained of the device's part or, where it stands whole there, of all of it; in round 1 the
  /// samples, where these are sent.
  private func weightsOnAir(of participant: RoundWork.Participant, in round: Int) -> [TensorRecord] {
    func record(_ name: String, _ shape: [Int]) -> TensorRecord {
      TensorRecord(round, participant.device, .up, name, shape, bits: 32, .approximate)
    }
    let shape = settings.architecture
    guard settings.traits.upload != .rawData else {
      let samples = settings.partition.samples[participant.device].count
      return round == 1 ? [record("samples", [samples, shape.channels, shape.image, shape.image])] : []
    }
    return deviceTensors(cut: settings.cuts[participant.cut]).map { tensor in
      record(tensor.name, ranks.shape(of: tensor, on: participant.device))
    }
  }

  /// The trained tensors that a device has which is cut there.
  private func deviceTensors(cut: Cut) -> [ParameterLayout.Tensor] {
    let layout = settings.layout
    let trained = settings.trainedRange(layout)
    switch settings.traits.upload {
    case .nothing, .rawData: return []
    case .model: return layout.tensors.filter { trained.contains($0.offset) }
    case .activations:
      let end =
        layout.adapters == nil ? layout.deviceRange(cut).upperBound : layout.adapterEnd(before: cut.deviceBlocks)
      let heads = trained.lowerBound + parts.heads.lowerBound..<trained.lowerBound + parts.heads.upperBound
      return layout.tensors.filter { trained.contains($0.offset) && ($0.offset < end || heads.contains($0.offset)) }
    }
  }

  /// What goes up and comes down in the steps of a device in which it sends its activations.
  private func steps(of participant: RoundWork.Participant, in round: Int) -> [TensorRecord] {
    guard settings.traits.hasStepOnAir else { return [] }
    let (device, shape, cut) = (participant.device, settings.architecture, settings.cuts[participant.cut])
    let width = shape.width
    let sent = participant.isLate ? lost(of: participant, cut: cut) : crossed[device] ?? []
    func record(_ tensor: CutTensor) -> TensorRecord {
      TensorRecord(
        round, device, tensor.isGradient ? .down : .up, tensor.isGradient ? "gradient" : "activations",
        [tensor.samples, tensor.elements / tensor.samples / width, width], bits: tensor.bits, settings.payload,
        step: tensor.step)
    }
    func head(_ name: String, _ direction: TensorRecord.Direction, after tensor: CutTensor) -> TensorRecord {
      TensorRecord(
        round, device, direction, name, [tensor.samples, width], bits: 32, .approximate, step: tensor.step)
    }
    let keepsLabels = settings.traits.labels == .device
    return sent.filter { $0.step <= participant.freshSteps }.flatMap { tensor in
      var records = [record(tensor)]
      if keepsLabels, !tensor.isGradient {
        records.append(head("head_input", .down, after: tensor))
        if settings.trainable == .all { records.append(head("head_gradient", .up, after: tensor)) }
      }
      return records
    }
  }

  /// What crossed the cut of a device that was late, in the steps that it completed.
  private func lost(of participant: RoundWork.Participant, cut: Cut) -> [CutTensor] {
    let samples = settings.partition.samples[participant.device].count
    let perEpoch = MiniBatches.steps(samples: samples, batch: settings.batch)
    let sendsGradient = !parts.device.isEmpty && !settings.trainsByLocalLoss
    return (0..<participant.steps).flatMap { step in
      let count = min(settings.batch, samples - step % perEpoch * settings.batch)
      let elements = count * settings.architecture.elements(at: cut)
      return [false, true].prefix(sendsGradient ? 2 : 1).map { isGradient in
        CutTensor(
          step: step + 1, isGradient: isGradient, samples: count, elements: elements,
          bits: isGradient ? settings.gradientBits : participant.bits)
      }
    }
  }
}

extension AdapterRanks {
  /// The sizes of what a device has of a tensor: of an adapter as many rows of A and columns of B as its rank.
  func shape(of tensor: ParameterLayout.Tensor, on device: Int) -> [Int] {
    guard isSmaller(device), tensor.offset < end else { return tensor.shape }
    if tensor.name.hasSuffix(".lora_A.weight") { return [ranks[device], tensor.shape[1]] }
    if tensor.name.hasSuffix(".lora_B.weight") { return [tensor.shape[0], ranks[device]] }
    return tensor.shape
  }
}

extension TensorRecord {
  fileprivate init(
    _ round: Int, _ device: Int, _ direction: Direction, _ tensor: String, _ shape: [Int], bits: Int,
    _ rule: PayloadRule, step: Int? = nil
  ) {
    self.init()
    (self.round, self.device, self.step, self.direction, self.tensor) = (round, device, step, direction, tensor)
    self.shape = shape.map(String.init).joined(separator: "x")
    self.bits = bits
    payload = rule.payload(elements: shape.reduce(1, *), bits: bits)
  }

  /// The same the other way.
  fileprivate func directed(_ direction: Direction) -> TensorRecord {
    var record = self
    record.direction = direction
    return record
  }
}
