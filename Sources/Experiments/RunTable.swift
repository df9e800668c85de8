import Scenario

/// The figures of many runs, to be compared: what `points.csv` and `runs.csv` hold, points and repetitions in order.
public struct RunTable: Sendable {
  /// A point of the table.
  public struct Point: Sendable, Hashable {
    /// `deadline=5s,policy=bcd`.
    public var name: String
    /// What varies.
    public var settings: [SweepSetting]

    /// A point.
    public init(name: String, settings: [SweepSetting]) {
      self.name = name
      self.settings = settings
    }
  }

  /// One run.
  public struct Row: Sendable, Hashable {
    /// The place of its point in ``RunTable/points``.
    public var point: Int
    /// Which draw.
    public var repetition: Int
    /// Its figures.
    public var figures: RunFigures

    /// A run.
    public init(point: Int, repetition: Int, figures: RunFigures) {
      self.point = point
      self.repetition = repetition
      self.figures = figures
    }
  }

  /// The points, in the order of the sweep.
  public var points: [Point]
  /// The runs, by point and then repetition; runs that failed or are missing are not among them.
  public var rows: [Row]

  /// A table.
  public init(points: [Point], rows: [Row]) {
    self.points = points
    self.rows = rows
  }
}
