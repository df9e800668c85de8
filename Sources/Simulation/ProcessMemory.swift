#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of this process as the system counts it.
enum ProcessMemory {
  /// The largest resident set so far, bytes.
  static var peak: Int {
    var usage = rusage()
    guard getrusage(Self.thisProcess, &usage) == 0 else { return 0 }
    #if os(Linux)
      return Int(usage.ru_maxrss) * 1024
    #else
      return Int(usage.ru_maxrss)
    #endif
  }

  #if os(Linux)
    private static let thisProcess = __rusage_who_t(RUSAGE_SELF.rawValue)
  #else
    private static let thisProcess = RUSAGE_SELF
  #endif
}
