import Foundation

/// The middle one, or the mean of the two in the middle.
func median(_ numbers: some Sequence<Double>) -> Double {
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// A sentence on stderr: what is being measured, or what is left out.
func note(_ sentence: String) {
  FileHandle.standardError.write(Data("\(sentence)\n".utf8))
}

/// How long models side by side took.
struct Timing {
  /// Seconds until the last has ended.
  var elapsed: Double
  /// Mean seconds of the processor a model: the same on an idle machine, and fairer on a busy one.
  var processor: Double
}

/// Seconds of the processor that the calling thread has had.
func threadProcessorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
