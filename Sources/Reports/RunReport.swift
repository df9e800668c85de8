import Charts
import JSON
import Simulation
import Trace
import Units

/// The page of one run.
struct RunReport {
  private let folder: String
  private let traces: RunTraces

  /// Reads the run in `folder`.
  ///
  /// - Throws: `TraceError`, ``ReportError``.
  init(folder: String) throws {
    try Self.check(folder)
    self.folder = folder
    traces = try RunTraces(folder: folder)
  }

  /// Says so where the folder holds no run.
  static func check(_ folder: String) throws(ReportError) {
    if let names = try? FileSystem.names(in: folder), !names.contains(where: { $0.hasPrefix(RunFolder.manifestName) }) {
      throw ReportError.nothing(path: folder, reason: "holds neither a run nor a sweep")
    }
  }

  /// The page; the run's name is its title unless another is given.
  func page(title: String?) -> Page {
    let manifest = traces.manifest
    let charts = RoundCharts(traces.rounds, policy: manifest.policy)
    let timelines: [any Chart] = RoundTimelines(traces)?.charts ?? []
    let load: [any Chart] = ServerLoad(traces).map { [$0.chart] } ?? []
    let channel = channel
    let maps = [DeviceMaps.outcomes(traces.outcomes, names: traces.names)].compactMap(\.self)
    let partition = [traces.partition.flatMap { DeviceMaps.partition($0, names: traces.names) }].compactMap(\.self)
    return Page(
      title: title ?? manifest.name,
      lead: """
        <p>A run of the scenario \(manifest.name): framework <strong>\(SeriesName.of(manifest.framework))</strong>, \
        policy <strong>\(manifest.policy)</strong>, seed \(String(manifest.seed)). From <code>\(folder)</code>.</p>

        """,
      sections: [
        .init(id: "remarks", title: "Remarks", body: remarks),
        .init(id: "figures", title: "Key figures", body: figures),
        .init(id: "learning", title: "Learning", body: Blocks.charts(charts.learning.map { ($0, false) })),
        .init(id: "rounds", title: "Round by round", body: Blocks.charts(charts.all.map { ($0, false) })),
        .init(
          id: "timeline", title: "Inside a round",
          body: "\(Blocks.charts((timelines + load + channel.charts).map { ($0, true) }))\(channel.note)"),
        .init(id: "devices", title: "Devices", body: Blocks.charts((maps + partition).map { ($0, true) })),
        .init(id: "parameters", title: "Parameters", body: parameters),
      ],
      version: Recorder.version)
  }

  /// How gains moved while devices sent, or why that is not drawn.
  private var channel: (charts: [any Chart], note: HTML) {
    do throws(RoundChannel.Missing) {
      return (try RoundChannel(traces)?.charts ?? [], .empty)
    } catch {
      return ([], "<p class=\"plain\">\(error.text)</p>\n")
    }
  }

  private var remarks: HTML {
    var notes: [HTML] = []
    if !traces.manifest.finished {
      let rounds = traces.manifest.scenario["rounds"]?.integer.map { " of \($0)" } ?? ""
      notes.append(
        Blocks.note(
          "The run has not finished. Rounds that are there: \(traces.rounds.count)\(rounds); totals are of these.",
          isBad: true))
    }
    notes += (traces.manifest.warnings + traces.remarks).map { Blocks.note($0) }
    return "\(notes)"
  }

  /// What a reader looks for first: what was learnt or reached, and what it took.
  private static let leading = [
    "test_accuracy_best", "objective_mean", "duration_s", "energy_j", "devices_completed_mean",
  ]

  private var figures: HTML {
    let summary = RunSummary.figures(in: traces.manifest)
    guard !summary.isEmpty else {
      let energy = traces.rounds.reduce(0) { $0 + $1.roundEnergy.value }
      return Blocks.tiles([
        ("rounds", "\(traces.rounds.count)", ""),
        ("simulated time", NumberText.short(traces.rounds.last?.end.value), "s"),
        ("device energy", NumberText.short(energy), "J"),
      ])
    }
    func tile(_ figure: SummaryFigure) -> (label: String, value: String, unit: String) {
      let label = figure.label.drop { $0 == " " }
      return (String(label), figure.value.map(NumberText.short) ?? "none", figure.value == nil ? "" : figure.unit)
    }
    let leading = Self.leading.compactMap { key in summary.first { $0.key == key && $0.value != nil } }.prefix(4)
    let keys = Set(leading.map(\.key))
    return """
      \(Blocks.tiles(leading.map(tile), areLeading: true))\
      \(Blocks.tiles(summary.filter { !keys.contains($0.key) }.map(tile)))
      """
  }

  private var parameters: HTML {
    let table = ParameterTable(
      traces.manifest.scenario, provenance: traces.manifest.provenance, policies: [traces.manifest.policy])
    let fingerprint = traces.manifest.fingerprint
    return """
      <p>The scenario with every default in force. The source says where a value comes from, as the scenario marks \
      it: the paper, the authors' release of their code, or an assumption, which a value given by an option is too. \
      Settings of policies that are not in use are left out.</p>
      \(table.html)<p class="plain">Simulated by AirSplit \(traces.manifest.version)\
      \(fingerprint.isEmpty ? "" : ", fingerprint of the events \(fingerprint)").</p>

      """
  }
}
