/// A way to train one model on many devices' data. A framework is data: what differs between them is ``traits``.
public enum Framework: String, Sendable, Hashable, CaseIterable {
  /// Split federated learning with allocation and quantisation: the paper's.
  case sflam
  /// Split federated learning, V1: parallel, a server copy a device, unquantised.
  case sfl
  /// Split federated learning, V2: parallel, one server model that all devices' steps update in turn, unquantised.
  case sflV2 = "sfl-v2"
  /// Split learning: one device after another, unquantised.
  case sl
  /// Federated learning: the whole model on the device, one upload a round.
  case fl
  /// Local learning: every device trains alone, nothing goes on the air.
  case ll
  /// Central learning: raw data goes up once, the server trains.
  case cl

  /// What tells this framework from the others.
  public var traits: Traits {
    switch self {
    case .sflam: Traits(device: .embedding, server: .rest, upload: .activations, order: .parallel, quantized: true)
    case .sfl: Traits(device: .embedding, server: .rest, upload: .activations, order: .parallel, quantized: false)
    case .sflV2:
      Traits(
        device: .embedding, server: .rest, upload: .activations, order: .parallel, quantized: false, sharesServer: true)
    case .sl: Traits(device: .embedding, server: .rest, upload: .activations, order: .sequential, quantized: false)
    case .fl: Traits(device: .whole, server: .nothing, upload: .model, order: .parallel, quantized: false)
    case .ll: Traits(device: .whole, server: .nothing, upload: .nothing, order: .parallel, quantized: false)
    case .cl: Traits(device: .nothing, server: .whole, upload: .rawData, order: .parallel, quantized: false)
    }
  }

  /// ``traits`` with what a recipe chooses of them, where the framework has the choice.
  public func traits(under recipe: TrainingRecipe) -> Traits {
    var traits = traits
    if traits.mayKeepLabels { traits.labels = recipe.labels }
    if traits.mayTrainLocally, !recipe.freezesDevicePart { traits.gradient = recipe.gradient }
    return traits
  }

  /// One line for `airsplit list frameworks`.
  public var summary: String {
    switch self {
    case .sflam: "split federated, allocated and quantised: the paper's proposal"
    case .sfl: "split federated (V1), parallel, activations at 32 bits"
    case .sflV2: "split federated (V2), parallel, one server model for all, activations at 32 bits"
    case .sl: "split, one device after another, activations at 32 bits"
    case .fl: "federated, whole model on the device, one upload a round"
    case .ll: "local, whole model on each device, nothing uploaded"
    case .cl: "central, raw data uploaded once, no device computes"
    }
  }

  /// The few choices that make a framework.
  public struct Traits: Sendable, Hashable {
    /// A part of the model.
    public enum Part: Sendable, Hashable {
      /// The layers before the cut: the patch embedding, unless the model is cut elsewhere.
      case embedding
      /// The layers after the cut.
      case rest
      /// All layers.
      case whole
      /// None.
      case nothing
    }

    /// What goes up.
    public enum Upload: Sendable, Hashable {
      /// Activations every step, and the device-side model at the round's end.
      case activations
      /// The whole model at the round's end.
      case model
      /// The samples themselves, once, in round 1.
      case rawData
      /// Nothing.
      case nothing
    }

    /// How the devices of a round follow each other.
    public enum Order: Sendable, Hashable {
      /// All at once; the round ends with the last.
      case parallel
      /// In index order, one after another.
      case sequential
    }

    /// What a device computes.
    public var device: Part
    /// What the server computes for a device.
    public var server: Part
    /// What goes up.
    public var upload: Upload
    /// How devices follow each other.
    public var order: Order
    /// Whether activations are quantised with the allocated bits; 32 bits where not.
    public var quantized: Bool
    /// Whether parallel devices update one server part, in the order in which the server ends their steps; where not, it
    /// keeps a copy for each and aggregates.
    public var sharesServer = false
    /// Where the labels are, and with them head and loss, where the model is split.
    public var labels = Labels.server
    /// What trains the device's part, where the model is split.
    public var gradient = CutGradient.returned

    /// Whether the model is split, so that its device's part may be trained by a loss of its own.
    public var mayTrainLocally: Bool { upload == .activations }

    /// Whether a device may keep labels and head: under one server part for all, other devices would change it between a
    /// step's two visits. The choice is ours.
    public var mayKeepLabels: Bool { upload == .activations && !sharesServer }

    /// Whether a mini-batch step goes over the air, so that the deadline (22a) means something.
    public var hasStepOnAir: Bool { upload == .activations }
  }
}
