import ArgumentParser
import Scenario
import Trace
import Units
import Wireless

/// `airsplit link`.
struct LinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Prints what a block carries over its signal-to-noise ratio: what policies plan with and runs play.",
    discussion: """
      One row per ratio and index of the scenario's modulation and coding table: bits of a symbol, code rate × 1024, the \
      share of blocks that fail at first, the efficiency that the index is planned to carry from its lower bound on, and \
      whether it is the one chosen there. An index that is never used has no efficiency. Without 'mcs' there is one row per \
      ratio, with the efficiency of Eq. (12), its gap and its cap.

        airsplit link scenarios/mcs.yaml --from=-10 --to 30 --step 0.5 > link.csv
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(parsing: .unconditional, help: ArgumentHelp("The first ratio, in dB.", valueName: "ratio"))
  var from = "-10"

  @Option(parsing: .unconditional, help: ArgumentHelp("The last ratio, included.", valueName: "ratio"))
  var to = "30"

  @Option(parsing: .unconditional, help: ArgumentHelp("From one ratio to the next.", valueName: "ratio"))
  var step = "1"

  @OptionGroup var overrides: Overrides

  /// Ratios that one command prints at most.
  static let mostRatios = 1_000_000

  func run() throws {
    let span = -200.0...200
    let first = try Decibels("--from", from, within: span).value
    let last = try Decibels("--to", to, within: span).value
    let step = try Decibels("--step", step, within: 1e-6...400).value
    guard last >= first else { throw CommandError.badInput("--to '\(to)' is below --from '\(from)'") }
    let count = Int((last - first) / step * (1 + 1e-12)) + 1
    guard count <= Self.mostRatios else {
      throw CommandError.badInput(
        "these are \(count) ratios; at most \(Self.mostRatios) are printed: choose a longer --step")
    }
    let reading = try overrides.read(path)
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    let link = reading.scenario.uplink.link
    var rows = CSVRow()
    try StandardStreams.write("snr_db,mcs,modulation_bits,code_rate,block_error_rate,efficiency,is_chosen\n")
    for item in 0..<count {
      Self.append(link, at: first + step * Double(item), to: &rows)
      if rows.bytes.count > 1 << 16 || item == count - 1 {
        try StandardStreams.write(String(decoding: rows.bytes, as: UTF8.self))
        rows.removeAll()
      }
    }
  }

  private static func append(_ link: Link, at decibels: Double, to rows: inout CSVRow) {
    let snr = Decibel.ratio(decibels)
    guard case .modulationCoding(let coding) = link else {
      rows.append(decibels)
      for _ in 0..<4 { rows.appendEmpty() }
      rows.append(link.efficiency(snr: snr))
      rows.append(1)
      return rows.endLine()
    }
    let chosen = coding.step(snr: snr)?.scheme
    for scheme in coding.table.schemes {
      guard let curve = BlockErrorCurve.curve(order: scheme.order, rate: scheme.rate) else { continue }
      rows.append(decibels)
      rows.append(scheme.index)
      rows.append(scheme.order)
      rows.append(scheme.rate)
      rows.append(curve.errorRate(snr: snr))
      if let step = coding.steps.first(where: { $0.scheme == scheme }) {
        rows.append(step.efficiency)
      } else {
        rows.appendEmpty()
      }
      rows.append(scheme == chosen ? 1 : 0)
      rows.endLine()
    }
  }
}
