/// A batch script that does a sweep as an array of Slurm tasks, each one shard of it.
public struct SlurmScript: Sendable {
  /// What the sweep is called.
  public var name: String
  /// Folder of the sweep, from the root of the file system.
  public var folder: String
  /// The command to start, from the root of the file system.
  public var executable: String
  /// Tasks of the array, and so parts of the sweep.
  public var tasks: Int
  /// Tasks that may run at the same time; as many as there is room for where none is named.
  public var atOnce: Int?
  /// Runs that are missing now.
  public var missing: Int
  /// Whether runs that failed are done again.
  public var retriesFailed = false
  /// How many rounds there are from one checkpoint of a run to the next, where runs save any.
  public var checkpointEvery: Int?
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
      "--job-name=\"airsplit-\(name)\"", "--array=1-\(tasks)\(atOnce.map { "%\($0)" } ?? "")",
      "--output=\"\(folder.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%"))/logs/%A_%a.out\"",
    ]
    if let partition { directives.append("--partition=\"\(partition)\"") }
    if let time { directives.append("--time=\"\(time)\"") }
    directives += options
    let command =
      [executable, "sweep", "--resume", folder, "--quiet"] + (retriesFailed ? ["--retry"] : [])
      + (checkpointEvery.map { ["--checkpoint-every", "\($0)"] } ?? []) + (allowsExternal ? ["--allow-external"] : [])
    return """
      #!/bin/bash
      # The sweep '\(name)': \(missing) runs are missing, and \(tasks) tasks do them, each a part of all runs.
      # What a lost task had done stays. Submitted again, all of them (sbatch sweep.sbatch) or some (sbatch --array=3,7
      # sweep.sbatch), they do what is missing of the same parts.
      \(directives.map { "#SBATCH \($0)" }.joined(separator: "\n"))

      # A task uses as many cores as it was given.
      exec \(command.map(ShellWord.quoted).joined(separator: " ")) --shard "$SLURM_ARRAY_TASK_ID/\(tasks)" \
        --jobs "${SLURM_CPUS_PER_TASK:-1}"

      """
  }

  /// The file that holds it, in the sweep's folder.
  public static let fileName = "sweep.sbatch"
}
