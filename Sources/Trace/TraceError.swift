/// Why a trace could not be written or read.
public enum TraceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A file or folder refused an operation: `cannot write /full/rounds.csv: No space left on device`.
  case file(path: String, action: String, reason: String)
  /// A file that was read is damaged, at a line and column counted from 1.
  case damaged(path: String, line: Int, column: Int, reason: String)
  /// The folder is not one that a run may write into.
  case folder(path: String, reason: String)
  /// The folder holds a run that was stopped or killed and has a checkpoint to go on from.
  case unfinished(path: String)

  /// Another process writes to the folder.
  case busy(path: String)

  /// One sentence for the person who ran the command.
  public var description: String {
    switch self {
    case .file(let path, let action, let reason): "cannot \(action) \(path): \(reason)"
    case .damaged(let path, let line, let column, let reason): "\(path):\(line):\(column): \(reason)"
    case .folder(let path, let reason): "\(path): \(reason)"
    case .busy(let path):
      "\(path): another airsplit is writing to it; wait for its end, or name another folder"
    case .unfinished(let path):
      "\(path): holds an unfinished run and its checkpoint; go on with --resume, or start over with --force"
    }
  }
}
