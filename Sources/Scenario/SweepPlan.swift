import Training

/// What a scenario's `sweep` section asks for: which keys take which values, and how often each point is drawn.
public struct SweepPlan: Sendable, Hashable {
  /// One key that varies, with its values as a scenario would write them.
  public struct Axis: Sendable, Hashable {
    /// The key path, `devices.count`.
    public var path: String
    /// The values in order, as YAML on one line: `3.6 s`, `{kind: ratio}`.
    public var values: [String]

    /// A key with its values.
    public init(path: String, values: [String]) {
      self.path = path
      self.values = values
    }
  }

  /// How much of a round is computed.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    /// Whole runs: every event of every round.
    case run
    /// The allocation of every round and what follows from it in closed form; no events, no training.
    case allocation
  }

  /// Axes whose values combine each with each.
  public var grid: [Axis] = []
  /// Axes that move together: the i-th value of each; all are equally long. They combine with the grid as one axis.
  public var zip: [Axis] = []
  /// Which points there are, as an expression over a scenario's keys: `devices.count >= uplink.blocks`; `nil`: all.
  public var condition: String?
  /// Draws of every point: repetition 0, 1, ….
  public var repetitions = 1
  /// How much of a round is computed.
  public var measure = Measure.run
  /// Traces that every run keeps in a folder of its own, as `--trace` has them; empty: none, and no folders.
  public var traces: [String] = []
  /// Which weights of every run are kept, in a file of its own; `nil`: none.
  public var weights: WeightsChoice?

  /// One point, once.
  public init() {}

  /// The key paths that vary, the grid's first.
  public var paths: [String] { (grid + zip).map(\.path) }
}

/// A value that a point gives to a key that varies.
public struct SweepSetting: Sendable, Hashable {
  /// The key path.
  public var path: String
  /// The value, as YAML on one line.
  public var value: String

  /// A value for the key at `path`.
  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }
}

/// One scenario of a sweep.
public struct SweepPoint: Sendable {
  /// Its place among the points, from 0: the grid's last axis moves fastest.
  public var index: Int
  /// What it is called, `deadline=5s,policy=bcd`; `base` where nothing varies.
  public var name: String
  /// What varies, in the order of ``SweepPlan/paths``.
  public var settings: [SweepSetting]
  /// The scenario with these values.
  public var scenario: Scenario

  /// A point, named after its settings.
  public init(index: Int, settings: [SweepSetting], scenario: Scenario) {
    self.index = index
    name = Self.name(of: settings)
    self.settings = settings
    self.scenario = scenario
  }
}

/// A sweep, read: its plan, its points and what looks wrong.
public struct SweepReading: Sendable {
  /// The scenario as the file has it, before anything varies.
  public var base: Scenario
  /// The plan; one point drawn once where the file has no `sweep`.
  public var plan: SweepPlan
  /// The scenario with its sweep, every default written out.
  public var resolved: ResolvedNode
  /// The points that meet the plan's condition, in order.
  public var points: SweepPoints
  /// What looks wrong, each once.
  public var warnings: [Diagnostic]
  /// The file as it was read. Its resolved text is no substitute: a default that follows a key which varies is written out
  /// there and follows it no more.
  public var source: [UInt8] = []
  /// The values laid over the file, `devices.count=20`.
  public var settings: [String] = []

  /// A sweep.
  public init(
    base: Scenario, plan: SweepPlan, resolved: ResolvedNode, points: SweepPoints, warnings: [Diagnostic] = []
  ) {
    self.base = base
    self.plan = plan
    self.resolved = resolved
    self.points = points
    self.warnings = warnings
  }
}
