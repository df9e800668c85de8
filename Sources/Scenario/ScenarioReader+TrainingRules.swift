import Datasets
import Randomness
import Training
import Units

/// What must hold between the keys of training, the model and the devices.
extension ScenarioReader {
  /// A data set's images must fit into the model, and its classes into the model's outputs.
  static func check(_ dataset: DatasetPlan, fits model: ModelProfile, in section: Section) {
    checkClasses(dataset.classCount, of: dataset.name, model, in: section)
    guard let channels = model.architecture?.channels, let own = dataset.name.channels else { return }
    if own != channels, own != 1 {
      section.reading.log.error(
        at: section.value(of: "name")?.position ?? section.position, path: section.path("name"),
        "images of \(dataset.name.rawValue) have \(own) channels, the model takes \(channels); only grey images are repeated, so "
          + "write 'channels: \(own)' in model")
    }
  }

  private static func checkClasses(
    _ count: Int, of name: DatasetPlan.Name, _ model: ModelProfile, in section: Section
  ) {
    guard count > model.classes else { return }
    let key = section.value(of: "classes").map { $0.isNull } ?? true ? "name" : "classes"
    section.reading.log.error(
      at: section.value(of: key)?.position ?? section.position, path: section.path(key),
      "\(count) classes of \(name.rawValue) are used, but the model has \(model.classes) outputs; set model.classes, or "
        + "name fewer in 'classes'")
  }

  /// Samples that nobody holds must exist, and the classes must fit.
  static func checkPretraining(
    _ plan: Scenario.PretrainingPlan, _ dataset: DatasetPlan, _ model: ModelProfile, in section: Section
  ) {
    guard let own = plan.classes, let given = section.value(of: "classes") else { return }
    if own.count > model.classes {
      section.fail("classes", given, "\(own.count) classes, but the model has \(model.classes) outputs")
    }
    let held = dataset.classes ?? Array(0..<dataset.classCount)
    let shared = own.filter(held.contains)
    if plan.trainOffset == nil, !shared.isEmpty, shared.count < own.count {
      section.fail(
        "classes", given,
        "the devices hold some of these classes and some not, so which samples are left is not known; choose all or "
          + "none of theirs, or give train_offset")
    }
  }

  /// A trainer needs images, and memory that a machine may have.
  static func checkSize(_ plan: Scenario.TrainingPlan, _ model: ModelProfile, in section: Section) {
    guard plan.trainer == .vit else { return }
    func fail(_ message: String) {
      section.reading.log.error(
        at: section.value(of: "trainer")?.position ?? section.position, path: section.path("trainer"), message)
    }
    if plan.dataset == nil {
      fail("'vit' trains on images; name them, 'dataset: {name: fashion-mnist}'")
    }
    if model.architecture == nil {
      fail("'vit' trains Vision Transformers; a model with a profile takes '{external: {command: [..]}}'")
    }
    if let memory = model.trainingMemory(batch: plan.batch, adapters: plan.adapters), memory > largestTrainingMemory {
      let gigabytes = NumberKind.quantity(One.self, in: 0...1).shown((memory / 1e9).rounded())
      fail(
        "a copy of this model takes \(gigabytes) GB to train in batches of \(plan.batch); at most 1000 GB are allowed")
    }
  }

  /// Bytes that a copy of a model may take in training.
  private static let largestTrainingMemory = 1e12

  /// Whether `devices.samples` divides the data set: where a partition takes sizes and the file gives any.
  static func takesDeviceSamples(
    _ plan: Scenario.TrainingPlan, _ devices: Scenario.Population, in root: Section
  ) -> Bool {
    guard plan.dataset != nil else { return false }
    let given = samplesKeys(in: root)
    guard plan.partition.takesSizes else {
      for (path, value) in given {
        root.reading.log.error(
          at: value.position, path: path,
          "the partition says how many samples a device has; leave this key out, or choose the kind iid or contiguous")
      }
      return false
    }
    // Without a key, one value per device is a column of the fleet's file.
    if root.value(of: "devices")?.item("file") != nil, case .each? = devices.groups.first?.samples { return true }
    return !given.isEmpty
  }

  /// Every `samples` that the file gives its devices.
  private static func samplesKeys(in root: Section) -> [(path: String, value: YAMLValue)] {
    guard let devices = root.value(of: "devices") else { return [] }
    var holders = [(path: "devices", value: devices)]
    if case .list(let groups) = devices.item("groups")?.content {
      holders += groups.enumerated().map { ("devices.groups.\($0)", $1) }
    }
    return holders.compactMap { path, value in value.item("samples").map { ("\(path).samples", $0) } }
  }
}
