import Units

/// A place where a device may cut the model: what its part then takes, beside what ``DeviceConstants`` say, which are those of
/// the first cut. Ours: the paper cuts behind the embedding.
///
/// What a device sends at each number of bits stands in the ``QuantizationLevel`` of the cut.
public struct CutOption: Sendable, Hashable {
  /// Its name, `embedding` or `after-block-2`; empty where there is no choice.
  public var name: String
  /// W_n, as a multiple of that of the first cut.
  public var deviceWork: Double
  /// What Eq. (11) takes more than at the first cut; less than 0 where the server has less to do.
  public var addedServerTime: Seconds
  /// What the model upload takes more, of which (22a) counts as much as of the first cut's: all or nothing.
  public var addedUpload: Bits
  /// What the model's download takes more, counted likewise.
  public var addedDownload: Bits
  /// What the gradient of one step takes more, where it comes down.
  public var addedGradient: Bits
  /// What a device must have for its part of the model and that part's training.
  public var memory: Bits

  /// A cut; like the first one in all that is not given.
  public init(
    name: String = "", deviceWork: Double = 1, addedServerTime: Seconds = .zero, addedUpload: Bits = .zero,
    addedDownload: Bits = .zero, addedGradient: Bits = .zero, memory: Bits = .zero
  ) {
    self.name = name
    self.deviceWork = deviceWork
    self.addedServerTime = addedServerTime
    self.addedUpload = addedUpload
    self.addedDownload = addedDownload
    self.addedGradient = addedGradient
    self.memory = memory
  }

  /// Whether constants at this cut are those of the first one.
  public var addsNothing: Bool {
    deviceWork == 1 && addedServerTime == .zero && addedUpload == .zero && addedDownload == .zero
      && addedGradient == .zero
  }

  /// Constants of a device at the first cut as they are at this one.
  @inlinable
  public func applied(to first: DeviceConstants) -> DeviceConstants {
    var constants = first
    constants.computeTime = first.computeTime * deviceWork
    constants.computeEnergy = first.computeEnergy * deviceWork
    constants.serverTime = first.serverTime + addedServerTime
    constants.deadlineUpload = first.deadlineUpload + addedUpload
    constants.deadlineDownload = first.deadlineDownload + addedDownload
    return constants
  }
}
