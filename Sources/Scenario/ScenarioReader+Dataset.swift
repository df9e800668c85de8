import Datasets
import Training
import Units

/// The keys of `training.dataset`.
extension ScenarioReader {
  static func dataset(_ training: Section, model: ModelProfile) -> DatasetPlan? {
    let key = "dataset"
    let given = training.declare(key, "the images; null: none", default: "null").flatMap { $0.isNull ? nil : $0 }
    let section =
      given.map { training.section(key, $0) }
      ?? Section([], path: training.path(key), position: training.position, reading: training.reading)
    let name: DatasetPlan.Name = section.choice("name", "which data set", default: .fashionMNIST)
    if case .map = given?.content, !section.has("name") {
      let names = DatasetPlan.Name.allCases.map(\.rawValue).joined(separator: ", ")
      section.reading.log.error(
        at: section.position, path: section.path("name"), "this key is required; it is one of \(names)")
    }
    var plan = DatasetPlan(name: name)
    plan.path = folder(section, of: name, isGiven: section.has("name"))
    plan.trainOffset = section.integer(
      "train_offset", "training samples to pass over, of the classes used", in: 0...1_000_000_000, default: 0)
    plan.trainLimit = section.optionalInteger(
      "train_limit", "training samples to use; null: all that are left", in: 1...1_000_000_000)
    plan.testLimit = section.optionalInteger(
      "test_limit", "test samples to use, the first ones; null: all", in: 1...1_000_000_000)
    plan.evaluation = section.choice(
      "evaluate_on", "the test part, or as many of the last training images, which training then leaves alone",
      default: plan.evaluation)
    plan.classes = classes(section, of: name, "classes to use, as labels 0, 1, ...; null: all")
    plan.normalization = normalization(section, of: name, model: model)
    section.finish()
    guard given != nil else {
      training.note(key, .scalar(.null))
      return nil
    }
    training.note(key, section.resolved)
    if section.has("name") { check(plan, fits: model, in: section) }
    return plan
  }

  /// The folder of a data set's files, absolute.
  private static func folder(_ section: Section, of name: DatasetPlan.Name, isGiven: Bool) -> String? {
    let key = "path"
    let summary = "folder of its files; null: where the system's package puts them"
    guard let given = section.declare(key, summary, default: "null"), !given.isNull else {
      section.note(key, .scalar(.null))
      if isGiven, [.cifar10, .cifar100].contains(name) {
        let archive = name == .cifar10 ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz"
        section.reading.log.error(
          at: section.position, path: section.path(key),
          "'\(name.rawValue)' has no usual place; write 'path: FOLDER', where the files of \(archive) are")
      }
      return nil
    }
    guard let (text, value) = section.text(key, summary) else { return nil }
    let path = section.reading.file(text, at: value.position)
    section.note(key, .scalar(.text(path)))
    if name == .synthetic { section.fail(key, value, "'synthetic' is made from the seed and has no files") }
    return path
  }

  /// A list of different classes of a data set; of any where there is none.
  static func classes(_ section: Section, of name: DatasetPlan.Name?, _ summary: String) -> [Int]? {
    let key = "classes"
    let count = name?.classes ?? DatasetPlan.Name.cifar100.classes
    guard let given = section.declare(key, summary, default: "null"), !given.isNull,
      let numbers = section.list(key, given, .whole(in: 0...count - 1))
    else {
      section.note(key, .scalar(.null))
      return nil
    }
    let classes = numbers.map { Int($0) }
    section.note(key, .list(classes.map { .scalar(.integer($0)) }))
    var seen: Set<Int> = []
    if let twice = classes.first(where: { !seen.insert($0).inserted }) {
      section.fail(key, given, "class \(twice) stands twice")
    }
    return classes
  }

  private static func normalization(
    _ section: Section, of name: DatasetPlan.Name, model: ModelProfile
  ) -> DatasetPlan.Normalization {
    let key = "normalize"
    let summary = "dataset: by the training set's mean and deviation; timm: by 0.5 and 0.5; or {mean: [..], std: [..]}"
    guard let given = section.declare(key, summary, default: "dataset") else {
      section.note(key, .scalar(.text("dataset")))
      return name.normalization
    }
    guard case .map = given.content else {
      section.note(key, .scalar(.text(given.text ?? "")))
      switch given.text {
      case "dataset": break
      case "timm": return .timm
      default: section.failWord(key, given, of: ["dataset", "timm", "{mean: [..], std: [..]}"])
      }
      return name.normalization
    }
    let inner = section.section(key, given)
    func list(_ key: String, _ range: ClosedRange<Double>) -> [Double]? {
      guard let value = inner.declare(key, "", default: nil) else {
        section.fail("normalize", given, "'\(key)' is required")
        return nil
      }
      return inner.list(key, value, .quantity(One.self, in: range)).map { numbers in
        inner.note(key, .list(numbers.map { .scalar(.number($0)) }))
        return numbers
      }
    }
    let mean = list("mean", -1e6...1e6)
    let deviation = list("std", 1e-6...1e6)
    inner.finish()
    section.note(key, inner.resolved)
    guard let mean, let deviation else { return name.normalization }
    let channels = model.architecture?.channels ?? name.channels
    if mean.count != deviation.count || ![1, channels].contains(mean.count) {
      section.fail(
        key, given,
        "\(counted(mean.count, "mean")) and \(counted(deviation.count, "deviation")); give as many of both"
          + (channels == 1 ? ", one" : ", one or one per channel of the model, \(channels)"))
      return name.normalization
    }
    return DatasetPlan.Normalization(mean: mean, std: deviation)
  }
}

extension DatasetPlan {
  /// Classes that are used.
  var classCount: Int { classes?.count ?? name.classes }
}
