import Allocation
import CAirSplit
import Datasets
import Environments
import Scenario
import Simulation
import Trace

/// What a function answers to C.
enum Status {
  /// Runs `body`, and says in `message` why it did not end well.
  static func of(_ message: UnsafeMutablePointer<CChar>?, _ size: Int, _ body: () throws -> Void) -> Int32 {
    do {
      try OpenHandles.checkProcess()
      try body()
      write("", to: message, size)
      return 0
    } catch {
      write("\(error)", to: message, size)
      return isBadInput(error) ? Int32(AIRSPLIT_BAD_INPUT) : Int32(AIRSPLIT_FAILED)
    }
  }

  /// Writes a text that ends with a NUL, cut between two characters where it is too long.
  static func write(_ text: String, to buffer: UnsafeMutablePointer<CChar>?, _ size: Int) {
    guard let buffer, size > 0 else { return }
    var end = min(text.utf8.count, size - 1)
    let bytes = Array(text.utf8)
    while end < bytes.count, end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    for index in 0..<end { buffer[index] = CChar(bitPattern: bytes[index]) }
    buffer[end] = 0
  }

  private static func isBadInput(_ error: any Error) -> Bool {
    switch error {
    case let error as SimulationError: error.isBadInput
    case is ScenarioErrors, is EnvironmentError, is DatasetError: true
    case TraceError.file: false
    case is TraceError: true
    default: false
    }
  }
}
