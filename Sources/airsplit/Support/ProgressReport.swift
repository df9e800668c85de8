import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a run is, on standard error: a bar that is redrawn on a terminal, plain lines elsewhere.
struct ProgressReport {
  private enum Style { case bar, lines, silent }

  private let rounds: Int
  private let firstRound: Int
  private let style: Style
  private let began = ContinuousClock().now
  private var shown = ContinuousClock().now
  private var shownRound = 0
  private var isDrawn = false

  /// Redraws of the bar in a second, at most.
  private static let frequency = 10.0
  /// Seconds after which a plain line is due even if little happened.
  private static let longestSilence = 10.0

  /// A report on a run of `rounds` rounds, of which `after` are done already.
  init(rounds: Int, after: Int = 0, quiet: Bool) {
    self.rounds = rounds
    (firstRound, shownRound) = (after, after)
    style = quiet ? .silent : StandardStreams.errorIsTerminal ? .bar : .lines
  }

  /// Shows that `round` has ended at `simulated` seconds, after `events` events, with the last known `accuracy` on the
  /// test set, where it is time to show anything.
  mutating func update(round: Int, simulated: Double, events: UInt64, accuracy: Double? = nil) {
    let now = ContinuousClock().now
    let sinceShown = shown.duration(to: now) / .seconds(1)
    switch style {
    case .silent: return
    case .bar: guard sinceShown >= 1 / Self.frequency || round == rounds else { return }
    case .lines:
      let isTenth = (round - shownRound) >= max(1, (rounds + 9) / 10)
      guard isTenth || sinceShown >= Self.longestSilence || round == rounds else { return }
    }
    (shown, shownRound, isDrawn) = (now, round, true)
    let elapsed = began.duration(to: now) / .seconds(1)
    let left = elapsed * Double(rounds - round) / Double(max(1, round - firstRound))
    let eventRate = TextTable.cell((Double(events) / max(elapsed, 1e-9)).rounded())
    let figures =
      (round == rounds ? "\(Self.time(elapsed)) taken" : "\(Self.time(left)) left")
      + ", \(Self.time(simulated)) simulated, "
      + (accuracy.map { String(format: "test accuracy %.1f %%", 100 * $0) } ?? "\(eventRate) events/s")
    if style == .lines { return StandardStreams.note("round \(round) of \(rounds), \(figures)") }
    let cells = 16
    let full = cells * round / max(1, rounds)
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: cells - full)
    let line = "[\(bar)] \(round)/\(rounds), \(figures)"
    StandardStreams.noteText("\r" + line.prefix(Self.terminalWidth - 1) + "\u{1B}[K")
  }

  /// Leaves the bar's line.
  func end() {
    if style == .bar && isDrawn { StandardStreams.noteText("\n") }
  }

  /// `0.3 s`, `42 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e15 else { return "\(seconds) s" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<86_400: return "\(whole / 3600) h \(whole / 60 % 60) min"
    default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
  }

  private static var terminalWidth: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }
}
