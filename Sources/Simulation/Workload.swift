import Allocation
import Datasets
import Scenario
import Training
import Units
import Wireless

/// What a framework makes devices compute and send, from the model's profile.
public struct Workload: Sendable, Hashable {
  /// The framework's choices.
  public let traits: Framework.Traits
  /// Mini-batch size b.
  public let batch: Int
  /// Local epochs E.
  public let localEpochs: Int
  /// The levels of quantisation that are open at this cut: the scenario's range, or 32 bits only where activations stay
  /// unquantised.
  public let levels: [QuantizationLevel]
  /// W_n of a step on the device, with the head where it has the labels, and with the auxiliary head where that trains its part;
  /// 0 where devices compute nothing.
  public let deviceWork: Flops
  /// Part of a device's step that is the forward pass before the cut: 1/2 for the patch projection, 1/3 for a whole model, 1
  /// where nothing on the device is trained.
  public let forwardShare: Double
  /// Part of a device's step that is the head, forward and backward; 0 unless the device has the labels.
  public let headShare: Double
  /// Part of a device's step that is the backward pass before the cut, and with a local loss the auxiliary head, forward and
  /// backward.
  public let backwardShare: Double
  /// W_s of a step on the server; 0 where the server computes nothing.
  public let serverWork: Flops
  /// Part of the server's step that it does before the head: all of it unless a gradient comes back from there.
  public let serverForwardShare: Double
  /// What goes up when a device has done its steps: what is trained of its part of the model.
  public let modelUpload: Bits
  /// Whether a sample's activations never change, so that they go up once in a run and the server keeps them: the
  /// device's part is frozen, and samples are not augmented.
  public let sendsActivationsOnce: Bool
  /// What a sample takes on the air as it is; 0 unless raw data goes up.
  public let sampleUpload: Bits
  /// The gradient of what the head reads, 32 bits an element, which goes up in each step where the device has the labels and the
  /// server trains; it is part of the payload of ``levels``.
  public let gradientUpload: Bits
  /// What the head reads, 32 bits an element, which comes down in each step where the device has the labels and there is a
  /// downlink.
  public let headDownload: Bits
  /// The gradient of a step's activations, which comes down where there is a downlink and the device's part is trained
  /// by it.
  public let gradientDownload: Bits
  /// The model that comes down before a round's first step, where there is a downlink that carries it: what goes up after the
  /// last one.
  public let modelDownload: Bits

  /// Memory that a device needs to train its part; 0 where the model's figures do not say, or it trains none.
  public let deviceMemory: Bits

  /// The workload of a scenario's framework, at the model's cut.
  ///
  /// - Parameters:
  ///   - other: The model cut elsewhere; `nil`: as the scenario has it.
  ///   - cut: The cut's index among the levels'.
  ///   - rank: Rank of the adapters that stand on the device; `nil`: that of all adapters, which those on the server have anyway.
  public init(
    _ scenario: Scenario, cut other: ModelProfile? = nil, index cut: Int = 0, adapterRank rank: Int? = nil
  ) {
    let (model, plan) = (other ?? scenario.model, scenario.training)
    let onDevice = plan.recipe.with(adapterRank: rank)
    traits = scenario.framework.traits(under: plan.recipe)
    batch = plan.batch
    localEpochs = plan.localEpochs

    let elements = model.activationElements(batch: batch)
    let bits = traits.quantized ? scenario.quantizer.bitsMin...scenario.quantizer.bitsMax : 32...32
    let keepsLabels = traits.labels == .device
    let headBits = keepsLabels ? Bits(32 * Double(model.headActivations(batch: batch))) : .zero
    let gradientUpload = plan.trainable == .all ? headBits : .zero
    levels = bits.map {
      QuantizationLevel(
        bits: $0, payload: scenario.quantizer.payload.payload(elements: elements, bits: $0) + gradientUpload,
        cut: cut)
    }
    func forwardWork(of part: Framework.Traits.Part, under recipe: TrainingRecipe) -> Flops {
      model.forwardWork(of: part, under: recipe) * Double(plan.batch)
    }
    let headWork = keepsLabels ? model.headStepWork(batch: batch) : .zero
    let auxiliaryWork = traits.gradient == .localLoss ? model.auxiliaryStepWork(batch: batch) : .zero
    let deviceStep = model.stepWork(of: traits.device, under: onDevice)
    let deviceForward = forwardWork(of: traits.device, under: onDevice)
    deviceWork = deviceStep + headWork + auxiliaryWork
    serverWork = max(.zero, model.stepWork(of: traits.server, under: plan.recipe) - headWork)
    forwardShare = deviceWork > .zero ? deviceForward / deviceWork : 1
    headShare = deviceWork > .zero ? headWork / deviceWork : 0
    backwardShare = deviceStep > deviceForward ? max(0, 1 - forwardShare - headShare) : 0
    // A third of the head's work is its forward pass.
    let serverForward = max(.zero, forwardWork(of: traits.server, under: plan.recipe) - headWork / 3)
    serverForwardShare =
      gradientUpload > .zero && serverWork > .zero ? min(1, serverForward / serverWork) : 1
    self.gradientUpload = gradientUpload
    headDownload = scenario.downlink == nil ? .zero : headBits
    let headUpload =
      (keepsLabels ? model.headBits : .zero) + (traits.gradient == .localLoss ? model.auxiliaryBits : .zero)
    modelUpload =
      switch traits.upload {
      case .activations: model.uploadBits(of: .embedding, under: onDevice) + headUpload
      case .model: model.uploadBits(of: .whole, under: onDevice)
      case .rawData, .nothing: .zero
      }
    sendsActivationsOnce = plan.recipe.keepsActivations(traits, isAugmented: plan.dataset?.augmentation == .flip)
    sampleUpload = traits.upload == .rawData ? model.sampleBits : .zero
    let sendsGradients = traits.upload == .activations && backwardShare > 0 && traits.gradient == .returned
    gradientDownload =
      sendsGradients
      ? scenario.downlink.map { scenario.quantizer.payload.payload(elements: elements, bits: $0.gradientBits) } ?? .zero
      : .zero
    deviceMemory =
      traits.device == .nothing
      ? .zero : model.deviceTrainingMemory(of: traits.device, under: onDevice) ?? .zero
    let carriesModel = scenario.downlink.map { $0.model != Scenario.Downlink.Model.none } ?? false
    modelDownload = carriesModel ? modelUpload : .zero
  }

  /// Part of a device's step that comes before its activations go up: the forward pass, and with a local loss all of its part.
  public var shareBeforeUpload: Double { traits.gradient == .localLoss ? forwardShare + backwardShare : forwardShare }

  /// s_n = E ceil(D_n / b): mini-batch steps of a round.
  public func steps(samples: Int) -> Int {
    localEpochs * ((samples + batch - 1) / batch)
  }

  /// The constants of a device that does this work in Eq. (22).
  ///
  /// - Parameter first: What ``CutOption`` says of the first cut is of.
  func constants(
    of device: Device, dataShare: Double, clockIsFixed: Bool, beside first: Workload, _ scenario: Scenario,
    serverSpeed: FlopsPerSecond
  ) -> DeviceConstants {
    let (downlink, radio) = (scenario.downlink, scenario.devices.radioEnergy)
    let isPerRound = scenario.deadline.per == .round
    let isSentAlone = downlink.map { $0.model == .unicast || traits.order == .sequential } ?? false
    let computeTime = StepCost.computeTime(work: deviceWork, speed: device.speed)
    var constants = DeviceConstants(
      dataShare: dataShare, powerMin: device.powerMin, powerMax: device.powerMax,
      computeTime: computeTime,
      computeEnergy: StepCost.computeEnergy(kappa: device.kappa, clock: device.clock, time: computeTime),
      serverTime: StepCost.serverTime(work: serverWork, speed: serverSpeed), circuitPower: device.circuitPower,
      amplifierEfficiency: device.amplifierEfficiency,
      deadlineSteps: isPerRound ? Double(steps(samples: device.samples)) : 1,
      deadlineUpload: isPerRound ? modelUpload : .zero,
      receivePower: downlink == nil ? .zero : radio.receivePower(circuitPower: device.receivePower),
      deadlineDownload: isSentAlone && isPerRound ? modelDownload : .zero,
      leastClockScale: clockIsFixed ? 1 : 0)
    constants.radio = radio
    constants.memory = device.memory
    if device.memory.isFinite { constants.addedMemory = deviceMemory - first.deviceMemory }
    return constants
  }

  /// The workload of this cut beside that of the first one.
  func option(_ model: ModelProfile, beside first: Workload, _ scenario: Scenario, serverSpeed: FlopsPerSecond)
    -> CutOption
  {
    let counts = scenario.deadline.per == .round
    let isSentAlone = scenario.downlink.map { $0.model == .unicast } ?? false
    func serverTime(_ workload: Workload) -> Seconds {
      StepCost.serverTime(work: workload.serverWork, speed: serverSpeed)
    }
    return CutOption(
      name: model.cut.description, deviceWork: self == first ? 1 : deviceWork / first.deviceWork,
      addedServerTime: serverTime(self) - serverTime(first),
      addedUpload: counts ? modelUpload - first.modelUpload : .zero,
      addedDownload: counts && isSentAlone ? modelDownload - first.modelDownload : .zero,
      addedGradient: gradientDownload - first.gradientDownload, memory: scenario.limitsMemory ? deviceMemory : .zero)
  }
}
