import Experiments
import Scenario
import Trace

/// A run, a sweep, or several runs beside each other as one self-contained HTML page.
package enum Report {
  /// The page of the run or sweep in `folder`.
  ///
  /// - Parameters:
  ///   - title: The page's title; the scenario's name where `nil`.
  ///   - metrics: What a sweep's charts show; a choice of what varies where empty. A run takes none.
  /// - Throws: ``ReportError`` where there is nothing to show, `TraceError` where a file is damaged, `ScenarioErrors`
  ///   where a sweep's scenario cannot be read.
  package static func html(of folder: String, title: String? = nil, metrics: [String] = []) throws -> String {
    let page =
      SweepFolder.isSweep(folder)
      ? try SweepReport(folder: folder, metrics: metrics).page(title: title)
      : try RunReport(folder: folder).page(title: title)
    return page.html
  }

  /// The page that compares the runs in `folders`.
  ///
  /// - Throws: ``ReportError``, `TraceError`.
  package static func html(comparing folders: [String], title: String? = nil) throws -> String {
    try RunsReport(folders: folders).page(title: title).html
  }

  /// Whether the folder holds a sweep, so that metrics can be chosen.
  package static func isSweep(_ folder: String) -> Bool { SweepFolder.isSweep(folder) }
}
