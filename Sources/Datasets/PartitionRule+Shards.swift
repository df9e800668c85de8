import Randomness

extension PartitionRule {
  /// Whole shards of one class, dealt out so that each device has shards of `perDevice` different classes.
  ///
  /// Every class that has samples has a shard at least, since every sample has an owner; further ones go where shards are
  /// largest. With as many shards of each class, and classes alike in size, these are the shards of McMahan and others:
  /// "Communication-efficient learning of deep networks from decentralized data", AISTATS 2017, but for devices that would
  /// hold two of one class.
  ///
  /// - Throws: ``DatasetError`` where no such deal exists.
  static func shards(
    _ perDevice: Int, members: [[Int32]], devices: Int, seed: Seed
  ) throws(DatasetError) -> [[Int32]] {
    var stream = seed.stream(.partition)
    var classes = members.indices.filter { !members[$0].isEmpty }
    stream.shuffle(&classes)
    let counts = try shardCounts(perDevice, classes.map { members[$0].count }, devices: devices)

    // Classes with as many shards left as there are devices left must go to each of them; the others are drawn.
    var left = counts
    var lists = [[Int32]](repeating: [], count: devices)
    var order = Array(0..<devices)
    stream.shuffle(&order)
    for (place, device) in order.enumerated() {
      var chosen = left.indices.filter { left[$0] == devices - place }
      while chosen.count < perDevice {
        let weights = left.indices.map { chosen.contains($0) ? 0 : left[$0] }
        var point = stream.integer(in: 0...weights.reduce(0, +) - 1)
        for (place, weight) in weights.enumerated() {
          point -= weight
          if point < 0 {
            chosen.append(place)
            break
          }
        }
      }
      for place in chosen {
        left[place] -= 1
        let own = members[classes[place]]
        let sizes = equalSizes(own.count, parts: counts[place])
        let start = sizes[..<left[place]].reduce(0, +)
        lists[device] += own[start..<start + sizes[left[place]]]
      }
    }
    return lists
  }

  /// How many shards classes of these sizes are cut into: `perDevice` × `devices` in all, no more than devices or samples.
  private static func shardCounts(
    _ perDevice: Int, _ sizes: [Int], devices: Int
  ) throws(DatasetError) -> [Int] {
    guard perDevice >= 1, perDevice <= sizes.count else {
      throw DatasetError(
        "no device can hold samples of \(perDevice) classes: the training samples are of \(sizes.count)")
    }
    let total = perDevice * devices
    guard total >= sizes.count else {
      let least = (sizes.count + devices - 1) / devices
      let fewest = (sizes.count + perDevice - 1) / perDevice
      throw DatasetError(
        "with 'classes: \(perDevice)' \(devices) \(devices == 1 ? "device holds" : "devices hold") samples of \(total) "
          + "classes at most, and nobody those of the other \(sizes.count - total); write 'classes: \(least)' or more, "
          + "take \(fewest) devices or more, or name \(total) classes in dataset.classes")
    }
    let most = sizes.map { min($0, devices) }
    guard most.reduce(0, +) >= total else {
      throw DatasetError(
        "\(sizes.reduce(0, +)) training samples cannot be cut into \(total) shards, so that each of \(devices) devices "
          + "has samples of \(perDevice) classes; take fewer classes, fewer devices or more samples")
    }
    var counts = [Int](repeating: 1, count: sizes.count)
    for _ in sizes.count..<total {
      var next: Int?
      for place in sizes.indices where counts[place] < most[place] {
        // The class whose shards stay largest: s/(n + 1) against s'/(n' + 1).
        if let best = next, sizes[best] * (counts[place] + 1) >= sizes[place] * (counts[best] + 1) { continue }
        next = place
      }
      if let next { counts[next] += 1 }
    }
    return counts
  }
}
