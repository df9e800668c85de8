import Charts
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Charts of every kind.
enum Samples {
  static let lines = LineChart(
    "Energy of a step against the deadline", x: Axis("deadline", unit: "s"), y: Axis("step energy", unit: "J"),
    series: ["exact", "bcd", "ep", "nq"].enumerated().map { index, name in
      LineChart.Series(
        name,
        (0..<8).map { step in
          let x = 3.6 + Double(step) * 0.4
          let y = 0.09 / (x - 2) + Double(index) * 0.01
          return LineChart.Point(x, Estimate(y, low: y - 0.004, high: y + 0.004))
        })
    })

  /// A line over shaded stretches, with a marked place.
  static let shaded: LineChart = {
    var chart = LineChart(
      "Gain over time", x: Axis("time", unit: "s"), y: Axis("gain", unit: "dB"),
      series: [
        .init("gain", (0..<60).map { .init(Double($0) / 10, Estimate(Double($0 * 7 % 13) - 90)) })
      ])
    chart.shades = [.init(0.5, 1.9, kind: 0), .init(3.2, 5, kind: 1)]
    chart.shadeKinds = ["upload", "cut off"]
    chart.marks = [.init(5, "deadline")]
    return chart
  }()

  static let dots = DotChart(
    "Time of a round by framework", row: "framework", x: Axis("round time", unit: "s", isLogarithmic: true),
    rows: [
      .init("FL", Estimate(300, low: 290, high: 310)), .init("SL", Estimate(120)),
      .init("SFLAM", Estimate(45, low: 30, high: 60)),
    ])

  static let panels = Panels("Two deadlines", summary: "Energy and objective.", columns: 2, [lines, lines])

  static let tornado = TornadoChart(
    "What moves the objective", x: Axis("objective"), base: 0.5,
    bars: [
      .init("path loss exponent", low: 0.48, high: 0.53, lowLabel: "2.2", highLabel: "4"),
      .init("bandwidth of a block", low: 0.2, high: 0.7, lowLabel: "100 kHz", highLabel: "400 kHz"),
      .init("server's FLOP/s", low: 0.55, high: 0.58),
    ])

  static let figures = HeatMap(
    "Samples by device and class", row: "device", column: "class", rows: (0..<6).map { "\($0)" },
    columns: (0..<10).map { "\($0)" },
    values: (0..<6).map(samples(of:)),
    content: .figures(Axis("samples")))

  private static func samples(of device: Int) -> [Double?] {
    (0..<10).map { label in
      let isGap = (label + device) % 7 == 3
      return isGap ? nil : Double(label * device * 17 % 200)
    }
  }

  static let classes = HeatMap(
    "Who took part", row: "device", column: "round", rows: (0..<6).map { "\($0)" },
    columns: (1...40).map { "\($0)" },
    values: (0..<6).map { row in (0..<40).map { Double(($0 + row) / 7 % 3) } },
    content: .classes(["took part", "late", "not selected"]))

  static let timeline = Timeline(
    "The first steps", x: Axis("time", unit: "s"), kinds: ["forward", "uplink", "server", "backward"],
    tracks: (0..<5).map { device in
      let first = 0.8 + Double(device) * 0.2
      return .init(
        "device \(device)",
        [.init(0, first, kind: 0), .init(first, first + 1, kind: 1), .init(first + 1, first + 1.3, kind: 2)]
          + [.init(first + 1.3, 3.4, kind: 3)])
    }, marks: [.init(3.6, "deadline")])

  static let all: [(name: String, chart: any Chart)] = [
    ("lines", lines), ("dots", dots), ("panels", panels), ("tornado", tornado), ("figures", figures),
    ("classes", classes),
    ("timeline", timeline), ("shaded", shaded),
  ]
}

/// The names of the elements of a text and the texts of all attributes and elements; `nil` where it is no XML.
func elements(of xml: String) -> (names: [String], texts: [String])? {
  final class Reader: NSObject, XMLParserDelegate {
    var names: [String] = []
    var texts: [String] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String] = [:]
    ) {
      names.append(name)
      texts += attributes.keys.sorted().compactMap { attributes[$0] }
    }
    func parser(_ parser: XMLParser, foundCharacters string: String) { texts.append(string) }
  }
  let reader = Reader()
  let parser = XMLParser(data: Data(xml.utf8))
  parser.delegate = reader
  return parser.parse() ? (reader.names, reader.texts) : nil
}
