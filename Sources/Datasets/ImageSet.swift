/// Labelled images of one size, as bytes: a data set, or its training or test part.
public struct ImageSet: Sendable {
  /// Images.
  public let count: Int
  /// Channels of an image.
  public let channels: Int
  /// Side of an image, pixels: images are square.
  public let side: Int
  /// Classes that labels may name.
  public let classes: Int
  /// count × channels × side × side values, image by image, channel by channel, row by row.
  public let pixels: [UInt8]
  /// A label an image, from 0 to classes − 1.
  public let labels: [UInt8]

  /// A set of images.
  ///
  /// - Precondition: `labels` has `count` elements below `classes`, and `pixels` count × channels × side × side.
  public init(channels: Int, side: Int, classes: Int, pixels: [UInt8], labels: [UInt8]) {
    precondition(pixels.count == labels.count * channels * side * side, "an image has channels x side x side pixels")
    precondition(labels.allSatisfy { Int($0) < classes }, "a label is below the number of classes")
    count = labels.count
    self.channels = channels
    self.side = side
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
  }

  /// The training and the test part of a data set.
  public struct Split: Sendable {
    /// What is trained on.
    public var train: ImageSet
    /// What is evaluated on.
    public var test: ImageSet

    /// Two parts.
    public init(train: ImageSet, test: ImageSet) {
      self.train = train
      self.test = test
    }
  }
}
