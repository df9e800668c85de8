/// What a stream's numbers are for. The raw value is part of the stream's key: never reuse or renumber one.
public enum Purpose: UInt8, Sendable, CaseIterable {
  /// Attributes of devices, one stream a device and attribute.
  case deviceAttribute = 1
  /// Attributes of the server.
  case serverAttribute = 2
  /// Log-normal shadowing and line of sight, a stream a device.
  case shadowing = 3
  /// Small-scale fading, a stream a round and device.
  case fading = 4
  /// Blocks drawn by the policy `rb` and `fixed`, a stream a round.
  case randomBlocks = 5
  /// BCD's first reference blocks, a stream a round.
  case initialBlocks = 6
  /// Who holds which training samples.
  case partition = 7
  /// First weights of a model, a stream a tensor.
  case weights = 8
  /// Order of a device's samples, a stream a round and device.
  case batches = 9
  /// Random changes of training samples, a stream a round and device.
  case augmentation = 10
  /// Rounding of activations, Eq. (7), a stream a round and device.
  case quantization = 11
  /// Images of the synthetic data set.
  case images = 12
  /// Order of samples and all else of training a model before the run.
  case pretraining = 13
  /// Errors of channel estimates, a stream a round and device.
  case channelEstimate = 14
  /// Where a device stands and what is around it, a stream a device and question.
  case place = 15
  /// Directions of a device's scattered waves, a stream a device.
  case fadingAngle = 16
  /// First phases of a device's scattered waves, a stream a device.
  case fadingPhase = 17
  /// Fading that is drawn anew from interval to interval: the seed of a (device, block) pair.
  case fadingInterval = 18
  /// Fields over the plane, a stream a field.
  case field = 19
  /// Ways of devices, a stream a device and trip or axis.
  case movement = 20
  /// Comings and goings of devices, a stream a device and span.
  case availability = 21
  /// How much longer computing takes than planned, a stream a round and device, and a place a step.
  case jitter = 22
  /// Batteries, a stream a device and attribute.
  case battery = 23
  /// Comings and goings of chargers, a stream a device and span.
  case charger = 24
  /// Rounding of the gradients that come back over the cut, a stream a round and device.
  case gradientQuantization = 25
  /// Blocks that fail and go up again.
  case harq = 40
  /// Who sends in neighbouring cells, a stream a cell and block, and window of time.
  case interference = 41
  /// First weights of adapters, a stream a block and matrix.
  case adapters = 50
  /// Inputs of adapters that a step drops: the seed of a step by round and device, and under it a stream a block and matrix.
  case dropout = 51
}
