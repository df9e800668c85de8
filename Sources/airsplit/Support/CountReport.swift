/// How many runs of a sweep are done, on standard error: a line that is redrawn on a terminal, a line now and then elsewhere.
struct CountReport {
  private let total: Int
  private let quiet: Bool
  private let began = ContinuousClock().now
  private var shown = ContinuousClock().now
  private var isDrawn = false

  /// Seconds between plain lines.
  private static let silence = 10.0

  init(of total: Int, quiet: Bool) {
    self.total = total
    self.quiet = quiet
  }

  /// Shows that `count` runs are done, of which some failed, where it is time to show anything.
  mutating func update(_ count: Int, failed: Int) {
    let isTerminal = StandardStreams.errorIsTerminal
    let now = ContinuousClock().now
    guard !quiet, shown.duration(to: now) / .seconds(1) >= (isTerminal ? 0.1 : Self.silence) else { return }
    shown = now
    let elapsed = began.duration(to: now) / .seconds(1)
    let left = ProgressReport.time(elapsed * Double(total - count) / Double(max(1, count)))
    let text = "run \(count) of \(total)\(failed > 0 ? ", \(failed) failed" : ""), \(left) left"
    if isTerminal {
      StandardStreams.noteText("\r\(text)\u{1B}[K")
      isDrawn = true
    } else {
      StandardStreams.note(text)
    }
  }

  /// Leaves the line.
  mutating func end() {
    if isDrawn { StandardStreams.noteText("\r\u{1B}[K") }
    isDrawn = false
  }
}
