import Scenario
import Simulation

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

    /// A sweep's points.
    public static func all(of points: SweepPoints) -> [Point] {
      points.indices.map { Point(name: points.name(at: $0), settings: points.settings(at: $0)) }
    }
  }

  /// One run.
  public struct Row: Sendable, Hashable {
    /// The place of its point in ``RunTable/points``.
    public var point: Int
    /// Which draw.
    public var repetition: Int
    /// Its figures.
    public var figures: RunMetrics

    /// A run.
    public init(point: Int, repetition: Int, figures: RunMetrics) {
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

extension RunTable {
  /// Runs of the point that has most; equal draws count once each.
  public var mostDraws: Int { Dictionary(grouping: rows, by: \.point).values.map(\.count).max() ?? 0 }

  /// The points of two or more runs, and those of them whose runs all came to the same figures, to the last bit: nothing that
  /// bears on them differs between repetitions, and their draws are one draw.
  public var repeatedPoints: (all: Int, equal: Int) {
    let groups = Dictionary(grouping: rows, by: \.point).values.filter { $0.count >= 2 }
    return (groups.count, groups.count { group in group.allSatisfy { $0.figures.isEqualDraw(group[0].figures) } })
  }
}
