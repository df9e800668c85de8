/// A batch script that does a sweep as an array of Slurm tasks, each one shard of it.
public struct SlurmScript: Sendable {
  /// What the sweep is called.
  public var name: String
  /// Folder of the sweep, from the root of the file system.
  public var folder: String
  /// The command to start, from the root of the file system.
  public var executable: String
  /// Tasks of the array.
  public var tasks: Int
  /// Runs that are missing now.
  public var missing: Int
  /// Whether runs that failed are done again.
  public var retriesFailed = false
  /// Whether tasks may start the programs that the scenario names.
  public var allowsExternal = false
  /// The partition to submit to, where one is named.
  public var partition: String?
  /// The longest time of a task, as Slurm writes it.
  public var time: String?
  /// Other options of `sbatch`, each as it is.
  public var options: [String] = []

  /// A script for `tasks` tasks.
  public init(name: String, folder: String, executable: String, tasks: Int, missing: Int) {
    self.name = name
    self.folder = folder
    self.executable = executable
    self.tasks = tasks
    self.missing = missing
  }

  /// The script.
  public var text: String {
    var directives = [
      "--job-name=\"airsplit-\(name)\"", "--array=1-\(tasks)",
      "--output=\"\(folder.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%"))/logs/%A_%a.out\"",
    ]
    if let partition { directives.append("--partition=\"\(partition)\"") }
    if let time { directives.append("--time=\"\(time)\"") }
    directives += options
    let command =
      [executable, "sweep", "--resume", folder, "--quiet"] + (retriesFailed ? ["--retry"] : [])
      + (allowsExternal ? ["--allow-external"] : [])
    return """
      #!/bin/bash
      # The sweep '\(name)': \(missing) runs are missing, and \(tasks) tasks do them, each a part of all runs.
      # What a lost task had done stays. Submitted again, it does only what is missing then.
      \(directives.map { "#SBATCH \($0)" }.joined(separator: "\n"))

      # The part is that of SLURM_ARRAY_TASK_ID; a task uses as many cores as it was given.
      exec \(command.map(ShellWord.quoted).joined(separator: " ")) --jobs "${SLURM_CPUS_PER_TASK:-1}"

      """
  }

  /// The file that holds it, in the sweep's folder.
  public static let fileName = "sweep.sbatch"
}
