import ArgumentParser
import Reproduction

/// `airsplit reproduce`.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Computes the paper's figures: tables of means with intervals.",
    discussion: """
      The scenarios are those of scenarios/paper in the nearest folder here or above, one per figure; Fig. 3 and Fig. 6 come \
      from the traces in results/training. Each table is written when it is done, with how it was made in manifest.json; \
      README.md next to them says what the columns are. 'pages' updates the numbers and verdicts that stand in the \
      project's pages between 'generated' and 'end'.

        airsplit reproduce all
        airsplit reproduce fig4 gap --quick --out /tmp/figures
      """)

  @Argument(
    help: ArgumentHelp("Any of \(words.joined(separator: ", ")).", valueName: "figure"), completion: .list(words))
  var figures: [String]

  @Flag(help: "20 draws of few points, to look at.")
  var quick = false

  @Flag(help: "Draw the charts again from the tables that are in the folder, and compute nothing; takes 'all'.")
  var redraw = false

  @Option(
    help: ArgumentHelp(
      "Folder of the tables. (default: results/paper, with --quick results/paper-quick)", valueName: "folder"))
  var out: String?

  @OptionGroup var jobs: Jobs

  func run() throws {
    let root = try ProjectFolder.ofPaper()
    let folder = try rejectingInput { try ReproductionFolder(out ?? (quick ? "results/paper-quick" : "results/paper")) }
    let asked = figures.flatMap(Self.parts)
    if redraw {
      guard Set(asked).count == Reproduction.Part.allCases.count else {
        throw CommandError.badInput("--redraw draws every chart of the folder; give 'all' with it")
      }
      for name in try Reproduction.redraw(folder) { try StandardStreams.write("\(folder.path)/\(name)\n") }
      return
    }
    for part in Reproduction.Part.allCases where asked.contains(part) {
      let command = "airsplit reproduce \(part.rawValue)" + (quick ? " --quick" : "")
      let reproduction = Reproduction(root: root, jobs: jobs.count, isQuick: quick, command: command) {
        StandardStreams.note($0)
      }
      for name in try reproduction.make(part, into: folder) {
        try StandardStreams.write(part == .pages ? "\(name)\n" : "\(folder.path)/\(name)\n")
      }
    }
  }

  private static let words = Reproduction.Part.allCases.map(\.rawValue) + ["all"]

  func validate() throws {
    guard let place = figures.firstIndex(where: { !Self.words.contains($0) }) else { return }
    // 'fig 4' is one figure in two words.
    let pair = figures[place...].prefix(2)
    let isPair = Self.words.contains(pair.joined())
    throw ValidationError(unknown("figure", isPair ? pair.joined(separator: " ") : figures[place], among: Self.words))
  }

  private static func parts(_ word: String) -> [Reproduction.Part] {
    Reproduction.Part(rawValue: word).map { [$0] } ?? Reproduction.Part.allCases
  }
}
