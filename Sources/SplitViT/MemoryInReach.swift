#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory that this process can still get at most, by what limits it.
///
/// Caches count as free, since the system gives them up; what programs hold does not. What is more than this cannot be
/// had, whatever happens; what is less may still be missing when it is needed.
struct MemoryInReach {
  /// A limit, and what sets it.
  struct Limit {
    var bytes: Double
    var name: String
  }

  /// Of memory that is written to.
  var memory: Limit
  /// Of addresses: `ulimit -v` and `-d`.
  var addresses: Limit

  /// What there is now, where `wanted` bytes of addresses are asked for.
  static func now(addresses wanted: Double) -> MemoryInReach {
    let machine = Limit(bytes: machineMemory, name: "this machine")
    let memory = [machine, controlGroup].compactMap(\.self).min { $0.bytes < $1.bytes } ?? machine
    return MemoryInReach(
      memory: memory, addresses: Limit(bytes: mappable(wanted), name: "the limit on address space ('ulimit -v')"))
  }

  // MARK: - The machine

  /// All memory and free swap, less what programs hold.
  private static var machineMemory: Double {
    let pages = Double(sysconf(Int32(_SC_PHYS_PAGES)))
    let size = Double(sysconf(Int32(_SC_PAGESIZE)))
    guard pages > 0, size > 0 else { return .infinity }
    let info = fields(of: "/proc/meminfo", separator: ":")
    func bytes(_ key: String) -> Double { (info[key] ?? 0) * 1024 }
    return pages * size - bytes("AnonPages") - bytes("Shmem") + bytes("SwapFree")
  }

  // MARK: - The control group

  /// The tightest limit of the process's control groups, version 2 or 1, less what is held in them.
  private static var controlGroup: Limit? {
    guard let text = contents(of: "/proc/self/cgroup") else { return nil }
    var least = Double.infinity
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      var folders = parts[2].split(separator: "/")
      while true {
        least = min(least, left(in: ([root] + folders.map(String.init)).joined(separator: "/"), isUnified: isUnified))
        if folders.popLast() == nil { break }
      }
    }
    return least.isFinite ? Limit(bytes: least, name: "this process's control group") : nil
  }

  private static func left(in folder: String, isUnified: Bool) -> Double {
    func number(_ name: String) -> Double? {
      contents(of: "\(folder)/\(name)").flatMap { Double($0.split(separator: "\n").first ?? "") }
    }
    let statistics = fields(of: "\(folder)/memory.stat", separator: " ")
    guard isUnified else {
      guard let limit = number("memory.limit_in_bytes"), limit < 1e18 else { return .infinity }
      return limit - (statistics["total_rss"] ?? 0)
    }
    guard let limit = number("memory.max") else { return .infinity }
    let swap = (number("memory.swap.max") ?? .infinity) - (number("memory.swap.current") ?? 0)
    let free = (fields(of: "/proc/meminfo", separator: ":")["SwapFree"] ?? 0) * 1024
    return limit - (statistics["anon"] ?? 0) - (statistics["shmem"] ?? 0) + max(0, min(swap, free))
  }

  // MARK: - Addresses

  /// `wanted`, or the most that the system lets this process have at once, to 1 %: asked for and given back, untouched.
  private static func mappable(_ wanted: Double) -> Double {
    func isMappable(_ bytes: Double) -> Bool {
      guard bytes < 0x1p46 else { return false }
      let size = max(1, Int(bytes))
      guard let place = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0),
        place != MAP_FAILED
      else {
        return false
      }
      munmap(place, size)
      return true
    }
    if isMappable(wanted) { return wanted }
    var (yes, no) = (0.0, wanted)
    while no - yes > 0.01 * no, no > 1e6 {
      let middle = (yes + no) / 2
      if isMappable(middle) { yes = middle } else { no = middle }
    }
    return yes
  }

  // MARK: - Files of the system

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// The first number of every line that has a name.
  private static func fields(of path: String, separator: Character) -> [String: Double] {
    var fields: [String: Double] = [:]
    for line in (contents(of: path) ?? "").split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, let number = parts[1].split(separator: " ").first.flatMap({ Double($0) }) else {
        continue
      }
      fields[String(parts[0])] = number
    }
    return fields
  }
}
