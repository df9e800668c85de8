// Holds the floors of Package.swift: an arrow only goes down.
//
//   tools/check-layers [PACKAGE]     checks the package (default: this one); exit 1 where a rule is broken
//   tools/check-layers --self-test   checks this check on small packages that break each rule
//
// The floors stand in one place, the comment over `let package` ("//   2  Randomness, Trace"). Rules: every target of
// Sources/ has a floor; it depends on lower floors only; what a Swift file imports is declared as a dependency of its
// target; and what is declared is imported somewhere.
import Foundation

struct Dump: Decodable {
  var targets: [Target]

  struct Target: Decodable {
    var name: String
    var type: String
    var path: String?
    var dependencies: [Dependency]
  }

  /// `{"byName": ["Units", null]}`, `{"product": ["Yams", "Yams", null, null]}` or `{"target": ["Units", null]}`.
  struct Dependency: Decodable {
    var name: String

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [Argument]].self)
      guard let kind = kinds.first?.value, case .text(let name)? = kind.first else {
        throw CheckFailure("unknown kind of dependency: \(kinds.keys.sorted())")
      }
      self.name = name
    }
  }

  enum Argument: Decodable {
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
      self = (try? decoder.singleValueContainer().decode(String.self)).map(Argument.text) ?? .other
    }
  }
}

struct CheckFailure: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// Modules of the toolchain, which stand below every floor.
let toolchain: Set = ["Swift", "Foundation", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization"]

func text(of url: URL) throws -> String {
  String(decoding: try Data(contentsOf: url), as: UTF8.self)
}

func dumpPackage(_ root: URL) throws -> Dump {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["swift", "package", "--package-path", root.path, "dump-package"]
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CheckFailure("'swift package dump-package' fails in \(root.path)")
  }
  return try JSONDecoder().decode(Dump.self, from: data)
}

/// The floor of each target, from the comment lines `//   2  Randomness, Trace` of the manifest.
func floors(in manifest: String) throws -> [String: Int] {
  var floors: [String: Int] = [:]
  for line in manifest.split(separator: "\n") {
    guard let match = line.wholeMatch(of: #/// +(\d+) +(\w+(?:, *\w+)*)\s*/#), let floor = Int(match.1) else {
      continue
    }
    for name in match.2.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      if floors.updateValue(floor, forKey: name) != nil {
        throw CheckFailure("Package.swift: '\(name)' stands on two floors")
      }
    }
  }
  return floors
}

struct Import {
  var module: String
  var place: String
}

/// Every `import` line of the Swift files under `folder`, in the order of their paths.
func imports(under folder: URL, root: URL) throws -> [Import] {
  let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".swift") }.sorted()
  // `public import struct Units.Quantity`, `@testable import Units`
  let attributes = #"(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"#
  let kind = #"(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?"#
  let pattern = try Regex(#"\s*"# + attributes + #"import\s+"# + kind + #"(\w+).*"#, as: (Substring, Substring).self)
  var found: [Import] = []
  for path in paths {
    let file = folder.appendingPathComponent(path)
    let shown = file.path.replacingOccurrences(of: root.path + "/", with: "")
    let lines = try text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let match = line.wholeMatch(of: pattern) {
        found.append(Import(module: String(match.1), place: "\(shown):\(index + 1)"))
      }
    }
  }
  return found
}

/// What is wrong with the package at `root`, a line each.
func violations(of root: URL) throws -> [String] {
  let manifest = try text(of: root.appendingPathComponent("Package.swift"))
  let floors = try floors(in: manifest)
  guard !floors.isEmpty else { throw CheckFailure("Package.swift: no floors in its comment, '//   0  NAME, NAME'") }
  let targets = try dumpPackage(root).targets.filter { ["regular", "executable", "system"].contains($0.type) }
  let own = Set(targets.map(\.name))
  var problems = floors.keys.filter { !own.contains($0) }.sorted().map {
    "Package.swift: '\($0)' has a floor but is no target"
  }
  for target in targets {
    guard let floor = floors[target.name] else {
      problems.append("Package.swift: target '\(target.name)' has no floor")
      continue
    }
    let declared = target.dependencies.map(\.name)
    for name in declared {
      if let other = floors[name], other >= floor {
        let arrow = "'\(target.name)' (floor \(floor)) depends on '\(name)' (floor \(other))"
        problems.append("Package.swift: \(arrow): an arrow must go down")
      }
    }
    let folder = root.appendingPathComponent(target.path ?? "Sources/\(target.name)")
    let imports = try imports(under: folder, root: root)
    for line in imports where !declared.contains(line.module) && !toolchain.contains(line.module) {
      problems.append("\(line.place): '\(target.name)' imports '\(line.module)', which it does not declare")
    }
    // C targets say #include: their arrows are checked above, their lines are not.
    let isSwift = try FileManager.default.subpathsOfDirectory(atPath: folder.path).contains { $0.hasSuffix(".swift") }
    if isSwift {
      for name in declared where !imports.contains(where: { $0.module == name }) {
        problems.append("Package.swift: '\(target.name)' declares '\(name)' and never imports it")
      }
    }
  }
  return problems
}

/// A package in a temporary folder, checked and removed.
func violationsOfExample(floors: String, targets: String, files: [String: String]) throws -> [String] {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("check-layers-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: root) }
  var files = files
  files["Package.swift"] = """
    // swift-tools-version: 6.2
    import PackageDescription
    \(floors)
    let package = Package(name: "Example", targets: [\(targets)])
    """
  for (path, content) in files {
    let url = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: url)
  }
  return try violations(of: root)
}

func selfTest() throws -> [String] {
  let twoFloors = "//   0  Low\n//   1  High"
  let downward = ".target(name: \"Low\"), .target(name: \"High\", dependencies: [\"Low\"])"
  let low = "import Foundation\n"
  let examples: [(name: String, found: [String], expected: [String])] = [
    (
      "a good package",
      try violationsOfExample(
        floors: twoFloors, targets: downward,
        files: ["Sources/Low/a.swift": low, "Sources/High/b.swift": "@testable import Low\n"]),
      []
    ),
    (
      "an upward arrow",
      try violationsOfExample(
        floors: "//   1  Low\n//   0  High", targets: downward,
        files: ["Sources/Low/a.swift": low, "Sources/High/b.swift": "import Low\n"]),
      ["Package.swift: 'High' (floor 0) depends on 'Low' (floor 1): an arrow must go down"]
    ),
    (
      "an arrow along a floor",
      try violationsOfExample(
        floors: "//   3  Low, High", targets: downward,
        files: ["Sources/Low/a.swift": low, "Sources/High/b.swift": "import struct Low.Thing\n"]),
      ["Package.swift: 'High' (floor 3) depends on 'Low' (floor 3): an arrow must go down"]
    ),
    (
      "an undeclared and a missing import",
      try violationsOfExample(
        floors: twoFloors, targets: downward,
        files: ["Sources/Low/deep/a.swift": "\n  import High // up\n", "Sources/High/b.swift": "// import Low\n"]),
      [
        "Sources/Low/deep/a.swift:2: 'Low' imports 'High', which it does not declare",
        "Package.swift: 'High' declares 'Low' and never imports it",
      ]
    ),
    (
      "floors and targets that differ",
      try violationsOfExample(
        floors: "//   0  Low, Gone", targets: downward,
        files: ["Sources/Low/a.swift": low, "Sources/High/b.swift": "import Low\n"]),
      ["Package.swift: 'Gone' has a floor but is no target", "Package.swift: target 'High' has no floor"]
    ),
  ]
  return examples.filter { $0.found != $0.expected }.map { "self-test, \($0.name): \($0.found), not \($0.expected)" }
}

let arguments = CommandLine.arguments.dropFirst()
let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
do {
  let isSelfTest = arguments.first == "--self-test"
  let root = isSelfTest ? here : arguments.first.map { URL(fileURLWithPath: $0) } ?? here
  let problems = try isSelfTest ? selfTest() : violations(of: root.standardizedFileURL)
  for problem in problems { FileHandle.standardError.write(Data("\(problem)\n".utf8)) }
  if problems.isEmpty { print(isSelfTest ? "The layer check finds what it should." : "Every arrow goes down.") }
  exit(problems.isEmpty ? 0 : 1)
} catch let failure as CheckFailure {
  FileHandle.standardError.write(Data("error: \(failure.message)\n".utf8))
  exit(2)
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(2)
}
