import Datasets
import Training
import Units

/// The keys of `training.dataset`.
extension ScenarioReader {
  static func dataset(_ training: Section, _ plan: inout DatasetPlan?, model: ModelProfile) {
    let key = "dataset"
    let given = training.declare(key, "the images; null: none", default: "null").flatMap { $0.isNull ? nil : $0 }
    let isThere = given != nil || plan != nil
    var values = plan ?? DatasetPlan(name: .fashionMNIST)
    training.whole(key, training.section(key, given)) { section in
      let standard = values.name
      section.choice("name", "which data set", &values.name)
      if case .map = given?.content, !section.has("name") {
        let names = DatasetPlan.Name.allCases.map(\.rawValue).joined(separator: ", ")
        section.reading.log.error(
          at: section.position, path: section.path("name"), "this key is required; it is one of \(names)")
      }
      if values.name != standard { values.normalization = values.name.normalization }
      if values.name == .own { values.ownClasses = model.classes }
      folder(section, of: values.name, &values.path)
      section.integer(
        "train_offset", "training samples to pass over, of the classes used", in: 0...1_000_000_000, &values.trainOffset
      )
      section.optionalInteger(
        "train_limit", "training samples to use; null: all that are left", in: 1...1_000_000_000, &values.trainLimit)
      section.optionalInteger(
        "test_limit", "test samples to use, the first ones; null: all", in: 1...1_000_000_000, &values.testLimit)
      section.choice(
        "evaluate_on", "the test part, or as many of the last training images, which training then leaves alone",
        &values.evaluation)
      classes(section, of: values.name, "classes to use, as labels 0, 1, ...; null: all", &values.classes)
      normalization(section, &values, model: model)
      if section.has("name") { check(values, fits: model, in: section) }
    }
    if !isThere {
      training.hide(key)
      training.note(key, .scalar(.null))
    }
    plan = isThere ? values : nil
  }

  /// The folder of a data set's files, absolute.
  private static func folder(_ section: Section, of name: DatasetPlan.Name, _ path: inout String?) {
    let key = "path"
    let summary = "folder of its files, or an .npz file of one's own; null: where the system's package puts them"
    defer { section.note(key, path.map { .scalar(.text($0)) } ?? .scalar(.null)) }
    guard let given = section.declare(key, summary, default: "null"), !given.isNull else {
      if section.has("name"), [.cifar10, .cifar100].contains(name) {
        let archive = name == .cifar10 ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz"
        section.reading.log.error(
          at: section.position, path: section.path(key),
          "'\(name.rawValue)' has no usual place; write 'path: FOLDER', where the files of \(archive) are")
      }
      if section.has("name"), name == .own {
        section.reading.log.error(
          at: section.position, path: section.path(key),
          "'own' images have a place; write 'path: FILE.npz', or 'path: FOLDER' with .npy or IDX files")
      }
      return
    }
    guard let (text, value) = section.text(key, summary) else { return }
    path = section.reading.file(text, at: value.position)
    if name == .synthetic { section.fail(key, value, "'synthetic' is made from the seed and has no files") }
  }

  /// A list of different classes of a data set; of any where there is none.
  static func classes(_ section: Section, of name: DatasetPlan.Name?, _ summary: String, _ classes: inout [Int]?) {
    let key = "classes"
    let count = name?.classes ?? DatasetPlan.Name.cifar100.classes
    if let given = section.declare(key, summary, default: "null") {
      classes = given.isNull ? nil : section.list(key, given, .whole(in: 0...count - 1))?.map { Int($0) }
      var seen: Set<Int> = []
      if let twice = classes?.first(where: { !seen.insert($0).inserted }) {
        section.fail(key, given, "class \(twice) stands twice")
      }
    }
    section.note(key, classes.map { .list($0.map { .scalar(.integer($0)) }) } ?? .scalar(.null))
  }

  private static func normalization(_ section: Section, _ plan: inout DatasetPlan, model: ModelProfile) {
    let key = "normalize"
    let summary =
      "dataset: by the training set's mean and deviation; timm: by 0.5 and 0.5, as own images unless given; or {mean: [..], std: [..]}"
    guard let given = section.declare(key, summary, default: "dataset") else {
      section.note(key, plan.normalization.resolved(of: plan.name, isWritten: section.isGiven("\(key).mean")))
      return
    }
    guard case .map = given.content else {
      switch given.text {
      case "dataset" where plan.name == .own:
        section.fail(
          key, given,
          "nothing is known of the pixels of 'own' images; write timm (0.5 and 0.5), or {mean: [..], std: [..]}")
      case "dataset": plan.normalization = plan.name.normalization
      case "timm": plan.normalization = .timm
      default: section.failWord(key, given, of: ["dataset", "timm", "{mean: [..], std: [..]}"])
      }
      return
    }
    let inner = section.section(key, given)
    func list(_ key: String, _ range: ClosedRange<Double>) -> [Double]? {
      guard let value = inner.declare(key, "", default: nil) else {
        section.fail("normalize", given, "'\(key)' is required")
        return nil
      }
      return inner.list(key, value, .quantity(One.self, in: range))
    }
    let mean = list("mean", -1e6...1e6)
    let deviation = list("std", 1e-6...1e6)
    inner.finish()
    guard let mean, let deviation else { return }
    let channels = model.architecture?.channels ?? plan.name.channels ?? mean.count
    if mean.count != deviation.count || ![1, channels].contains(mean.count) {
      section.fail(
        key, given,
        "\(counted(mean.count, "mean")) and \(counted(deviation.count, "deviation")); give as many of both"
          + (channels == 1 ? ", one" : ", one or one per channel of the model, \(channels)"))
      return
    }
    plan.normalization = DatasetPlan.Normalization(mean: mean, std: deviation)
  }
}

extension DatasetPlan.Normalization {
  /// The rule as a scenario writes it: a word where there is one, unless the numbers were written.
  fileprivate func resolved(of name: DatasetPlan.Name, isWritten: Bool) -> ResolvedNode {
    if !isWritten, name != .own, self == name.normalization { return .scalar(.text("dataset")) }
    if !isWritten, self == .timm { return .scalar(.text("timm")) }
    let lists = [("mean", mean), ("std", std)]
    return .map(lists.map { key, numbers in .init(key, .list(numbers.map { .scalar(.number($0)) })) })
  }
}
