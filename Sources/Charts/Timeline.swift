/// Who does what when: a track a row, with slices from a beginning to an end.
package struct Timeline: Chart, Hashable {
  /// A row.
  package struct Track: Sendable, Hashable {
    /// Its name, `device 3`.
    package var name: String
    /// What happens on it; later slices lie over earlier ones.
    package var slices: [Slice]

    /// A row with `slices`.
    package init(_ name: String, _ slices: [Slice]) {
      self.name = name
      self.slices = slices
    }
  }

  /// Something that takes time.
  package struct Slice: Sendable, Hashable {
    /// When it begins.
    package var start: Double
    /// When it ends.
    package var end: Double
    /// What it is: the number of its name in the timeline's kinds.
    package var kind: Int

    /// Something of a kind from `start` to `end`.
    package init(_ start: Double, _ end: Double, kind: Int) {
      self.start = start
      self.end = end
      self.kind = kind
    }

    var isDrawn: Bool { start.isDrawable && end.isDrawable && end >= start }
  }

  /// A moment that is marked across all tracks.
  package struct Mark: Sendable, Hashable {
    /// When it is.
    package var time: Double
    /// What it is, `deadline`.
    package var name: String

    /// A marked moment.
    package init(_ time: Double, _ name: String) {
      self.time = time
      self.name = name
    }
  }

  /// What the chart shows, in a few words.
  package var title: String
  /// One or two sentences for those who cannot see it.
  package var summary: String
  /// The axis of time.
  package var x: Axis
  /// The kinds' names.
  package var kinds: [String]
  /// The rows, from above.
  package var tracks: [Track]
  /// The marked moments.
  package var marks: [Mark]

  /// A timeline; the summary is put together where it is left out.
  package init(
    _ title: String, summary: String? = nil, x: Axis, kinds: [String], tracks: [Track], marks: [Mark] = []
  ) {
    self.title = title
    self.summary = summary ?? "\(kinds.joined(separator: ", ")) on \(tracks.count) tracks over \(x.title)."
    self.x = x
    self.kinds = kinds
    self.tracks = tracks
    self.marks = marks
  }

  /// One row a slice.
  package var table: ChartTable {
    ChartTable(
      columns: ["track", "what", "begins\(unit)", "ends\(unit)"],
      rows: tracks.flatMap { track in
        track.slices.map {
          [track.name, name(of: $0), NumberText.cell($0.start), NumberText.cell($0.end)]
        }
      } + marks.map { ["", $0.name, NumberText.cell($0.time), NumberText.cell($0.time)] })
  }

  private var unit: String { x.unit.isEmpty ? "" : " (\(x.unit))" }

  private func name(of slice: Slice) -> String {
    kinds.indices.contains(slice.kind) ? kinds[slice.kind] : ""
  }

  /// The chart's elements.
  package func drawing(_ style: ChartStyle) -> Drawing {
    let slices = tracks.flatMap(\.slices).filter(\.isDrawn)
    let marks = marks.filter { $0.time.isDrawable }
    let rowHeight = min(max(420 / Double(max(tracks.count, 1)), 6), 24)
    let horizontal = Scale(
      slices.flatMap { [$0.start, $0.end] } + marks.map(\.time), axis: x, count: max(2, Int(style.width / 100)),
      widens: false)
    let used = kinds.enumerated().filter { kind in slices.contains { $0.kind == kind.offset } }
    var plot = Plot(
      self, style, legend: used.map { ($0.element, .area(.plain($0.offset))) },
      left: 24 + Plot.room(for: tracks.map(\.name), most: 160), below: 52,
      rows: max(Double(tracks.count), 2) * rowHeight + (marks.isEmpty ? 0 : 16))
    guard !slices.isEmpty else {
      plot.sayEmpty()
      return plot.drawing
    }
    plot.drawHorizontal(horizontal, x, hasGrid: true)
    let top = plot.top + (marks.isEmpty ? 0 : 16)
    let labelled = max(1, Int((13 / rowHeight).rounded(.up)))
    for (index, track) in tracks.enumerated() {
      let y = top + Double(index) * rowHeight
      if index.isMultiple(of: labelled) {
        plot.canvas.text(
          Markup.shortened(track.name, to: 160, size: 12), plot.left - 8, y + rowHeight / 2 + 4, .end, size: 12,
          isMuted: true)
      }
      for slice in track.slices where slice.isDrawn {
        draw(
          slice, of: track, y + rowHeight * 0.12, rowHeight * 0.76, in: &plot, horizontal, hints: slices.count <= 800)
      }
    }
    for mark in marks {
      let x = plot.x(mark.time, horizontal)
      plot.canvas.rule("M\(Path.at(x, top - 4))V\(NumberText.coordinate(plot.bottom))", class: "ink", width: 1.4)
      plot.canvas.text(mark.name, x, top - 8, x > (plot.left + plot.right) / 2 ? .end : .start, size: 12)
    }
    return plot.drawing
  }

  private func draw(
    _ slice: Slice, of track: Track, _ y: Double, _ height: Double, in plot: inout Plot, _ horizontal: Scale,
    hints: Bool
  ) {
    let slot = Palette.slot(max(slice.kind, 0))
    let x = plot.x(slice.start, horizontal)
    let width = plot.x(slice.end, horizontal) - x
    let hint =
      hints
      ? "\(track.name), \(name(of: slice)): \(NumberText.cell(slice.start)) to \(NumberText.cell(slice.end)) \(self.x.unit)"
      : nil
    plot.canvas.fill(Path.rectangle(x, y, max(width, 0.3), height), slot: slot, hint: hint)
    plot.canvas.rule(Hatch.path(slot, x, y, width, height), class: "edge", width: 0.8)
  }
}
