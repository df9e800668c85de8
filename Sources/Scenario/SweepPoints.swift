/// The points of a sweep, in order.
///
/// Reading a sweep reads and checks all of them, and keeps the scenarios of the first: the others are read again when somebody
/// asks, so that a million of them take no room. A ``reader()`` reads many.
public struct SweepPoints: RandomAccessCollection, Sendable {
  private let storage: Storage

  private enum Storage {
    case made([SweepPoint])
    case read(SweepSurvey)
  }

  /// Scenarios that are kept.
  static let mostKept = 1024

  /// Points made elsewhere.
  public init(_ points: [SweepPoint]) { storage = .made(points) }

  init(_ survey: SweepSurvey) { storage = .read(survey) }

  /// The place of the first point.
  public var startIndex: Int { 0 }

  /// The place behind the last point.
  public var endIndex: Int {
    switch storage {
    case .made(let points): points.count
    case .read(let survey): survey.count
    }
  }

  /// The point at `index`. A file of its scenario that has changed since it was checked is read as it is now, and passed over
  /// where it cannot be read: ``SweepPointReader/scenario(at:)`` says so instead.
  public subscript(index: Int) -> SweepPoint {
    switch storage {
    case .made(let points): return points[index]
    case .read(let survey):
      return SweepPoint(index: index, settings: settings(at: index), scenario: survey.scenario(at: index))
    }
  }

  /// What varies at a point.
  public func settings(at index: Int) -> [SweepSetting] {
    switch storage {
    case .made(let points): points[index].settings
    case .read(let survey): survey.space.settings(of: survey.combination(at: index))
    }
  }

  /// What a point is called.
  public func name(at index: Int) -> String {
    switch storage {
    case .made(let points): points[index].name
    case .read: SweepPoint.name(of: settings(at: index))
    }
  }

  /// The place of the first point whose scenario starts a program; `nil` where none does.
  public var firstWithProgram: Int? {
    switch storage {
    case .made(let points): points.firstIndex { !$0.scenario.commands.isEmpty }
    case .read(let survey): survey.firstWithProgram
    }
  }

  /// Whether a reader has checked the points.
  public var areChecked: Bool { if case .read = storage { true } else { false } }

  /// The place of the first point whose scenario trains; `nil` where none does.
  public var firstThatTrains: Int? {
    switch storage {
    case .made(let points): points.firstIndex { $0.scenario.training.trainer != .none }
    case .read(let survey): survey.firstThatTrains
    }
  }

  /// What reads the points' scenarios, for one thread.
  public func reader() -> SweepPointReader {
    switch storage {
    case .made(let points): SweepPointReader(made: points)
    case .read(let survey): SweepPointReader(survey)
    }
  }
}

/// Reads the scenarios of a sweep's points, fast where points differ in few keys. For one thread.
public final class SweepPointReader {
  private let made: [SweepPoint]
  private let survey: SweepSurvey?
  private let combinations: CombinationReader?

  init(made: [SweepPoint]) { (self.made, survey, combinations) = (made, nil, nil) }

  init(_ survey: SweepSurvey) {
    (made, self.survey, combinations) = ([], survey, CombinationReader(survey.space))
  }

  /// The scenario of a point.
  ///
  /// - Throws: `ScenarioErrors` where a file that it reads has changed since, and is wrong or gone.
  public func scenario(at index: Int) throws -> Scenario {
    guard let survey, let combinations else { return made[index].scenario }
    if index < survey.first.count { return survey.first[index] }
    let (scenario, log) = try combinations.scenario(of: survey.combination(at: index))
    if log.hasErrors { throw ScenarioErrors(log.sorted(mainSource: survey.space.file)) }
    return scenario
  }

  /// Hands over, part by part, what the figures of a point's scenario depend on: all that is resolved but its name and where its
  /// values come from, with files under the names that a run keeps them by.
  public func withIdentity(of scenario: Scenario, at index: Int, _ body: ([UInt8]) -> Void) {
    guard let survey, let combinations else { return body(scenario.identityText) }
    for part in combinations.printed(scenario, of: survey.combination(at: index)) where part.step != .name {
      body(part.text.kept)
    }
  }

  /// The same without the scenario, where all of it has been handed over for other points, and no point names a file or starts a
  /// program, whose bytes figures depend on as well.
  ///
  /// - Returns: Whether it was handed over.
  public func withKnownIdentity(at index: Int, _ body: ([UInt8]) -> Void) -> Bool {
    guard let survey, let combinations, survey.areAllSelfContained,
      let printed = combinations.printedBefore(survey.combination(at: index))
    else { return false }
    for part in printed where part.step != .name { body(part.text.kept) }
    return true
  }
}

extension Scenario {
  /// What its figures depend on, as text.
  fileprivate var identityText: [UInt8] {
    guard case .map(let entries) = keptResolved else { return [] }
    return Array(ResolvedNode.map(entries.filter { !["name", "provenance"].contains($0.key) }).yaml.utf8)
  }
}
