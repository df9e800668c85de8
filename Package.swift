// swift-tools-version: 6.2
import PackageDescription

// Floors, bottom up; an arrow only goes down (tools/check-layers holds this):
//   0  CElementary, CFading, CZlib, CPhilox, CGSL, CAirSplit
//   1  CTensor, Units, EventKernel, Numerics, JSON, Charts, Processes
//   2  Randomness, Statistics, Trace, NumpyFiles
//   3  Training, Datasets, Wireless
//   4  Allocation, SplitViT, Network
//   5  Scenario, External, TestSupport
//   6  Simulation
//   7  Experiments, Environments
//   8  Reproduction, Reports, AirSplitLibrary
//   9  airsplit
let package = Package(
  name: "AirSplit",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "airsplit", targets: ["airsplit"]),
    .library(name: "Units", targets: ["Units"]),
    .library(name: "EventKernel", targets: ["EventKernel"]),
    .library(name: "Randomness", targets: ["Randomness"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "SplitViT", targets: ["SplitViT", "Datasets"]),
    .library(name: "Wireless", targets: ["Wireless"]),
    .library(name: "Network", targets: ["Network"]),
    .library(name: "Allocation", targets: ["Allocation"]),
    .library(name: "Simulation", targets: ["Scenario", "External", "Simulation", "Trace", "JSON"]),
    .library(name: "Experiments", targets: ["Experiments", "Statistics"]),
    .library(name: "Environments", targets: ["Environments"]),
    // For Benchmarks, which compare its products with others.
    .library(name: "CTensor", targets: ["CTensor"]),
    // For C and all that calls C; its header is Sources/CAirSplit/include/airsplit.h.
    .library(name: "airsplit-library", type: .dynamic, targets: ["AirSplitLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CAirSplit"),
    .target(name: "CElementary"),
    .target(name: "CFading"),
    .target(name: "CPhilox"),
    .target(name: "CTensor", dependencies: ["CElementary"], linkerSettings: [.linkedLibrary("m")]),

    .target(name: "Units", dependencies: ["CElementary"]),
    .target(name: "EventKernel"),
    .target(name: "Numerics", dependencies: ["CElementary"]),
    .target(name: "JSON"),
    .target(name: "Charts", dependencies: ["CElementary"]),
    .target(name: "Processes"),

    .target(name: "Randomness", dependencies: ["CElementary", "CPhilox"]),
    .target(name: "Statistics", dependencies: ["CElementary", "Numerics"]),
    .target(name: "Trace", dependencies: ["Units", "EventKernel", "JSON"]),

    .target(name: "Training", dependencies: ["CElementary", "CTensor", "JSON", "Randomness", "Trace", "Units"]),
    .target(name: "NumpyFiles", dependencies: ["CZlib", "Units"]),
    .target(name: "Datasets", dependencies: ["CElementary", "CZlib", "NumpyFiles", "Randomness", "Units"]),
    .target(name: "Wireless", dependencies: ["CElementary", "CFading", "Units", "Randomness", "Numerics"]),

    .target(name: "Allocation", dependencies: ["CElementary", "Units", "JSON", "Randomness", "Wireless"]),
    .target(name: "Network", dependencies: ["CElementary", "EventKernel", "Randomness", "Units", "Wireless"]),
    .target(
      name: "SplitViT",
      dependencies: [
        "CElementary", "CTensor", "Units", "Numerics", "JSON", "Randomness", "Trace", "Training", "Datasets",
      ]),

    .target(
      name: "Scenario",
      dependencies: [
        "NumpyFiles", "Units", "Randomness", "Training", "Datasets", "Wireless", "Allocation", "Network",
        .product(name: "Yams", package: "Yams"),
      ]),

    .target(
      name: "External",
      dependencies: [
        "Units", "JSON", "Processes", "Randomness", "Trace", "Training", "Datasets", "Wireless", "Allocation",
        "SplitViT",
      ]),

    .target(
      name: "Simulation",
      dependencies: [
        "External", "Units", "EventKernel", "JSON", "Network", "Randomness", "Trace", "Training", "Datasets",
        "SplitViT",
        "Wireless",
        "Allocation", "Scenario",
      ]),

    .target(
      name: "Experiments",
      dependencies: [
        "Units", "JSON", "Randomness", "Statistics", "Trace", "Training", "Scenario", "External", "Simulation",
      ]),

    .target(
      name: "Environments",
      dependencies: [
        "Units", "JSON", "Randomness", "Training", "Wireless", "Allocation", "Network", "Scenario", "Simulation",
      ]),
    .target(
      name: "AirSplitLibrary",
      dependencies: [
        "CAirSplit", "JSON", "Units", "Statistics", "Trace", "Datasets", "Wireless", "Allocation", "Network",
        "Scenario",
        "Simulation", "Environments",
      ]),

    .target(
      name: "Reproduction",
      dependencies: [
        "CElementary", "Units", "Charts", "JSON", "Statistics", "Trace", "Training", "Wireless", "Allocation",
        "Network", "Scenario", "Simulation", "Experiments",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "Units", "EventKernel", "JSON", "Charts", "Statistics", "Trace", "Wireless", "Scenario", "Simulation",
        "Experiments",
      ]),

    .executableTarget(
      name: "airsplit",
      dependencies: [
        "Units", "EventKernel", "JSON", "Charts", "Randomness", "Trace", "Training", "Datasets", "SplitViT", "Wireless",
        "Allocation", "Statistics", "Scenario", "External", "Simulation", "Experiments", "Reproduction", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["EventKernel", "Network", "Units"], path: "Tests/TestSupport"),
    .testTarget(name: "UnitsTests", dependencies: ["Units"]),
    .testTarget(name: "EventKernelTests", dependencies: ["EventKernel", "TestSupport"]),
    .testTarget(
      name: "CElementaryTests", dependencies: ["CElementary"], exclude: ["References"]),
    .testTarget(name: "NumericsTests", dependencies: ["CGSL", "Numerics"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Numerics", "Statistics", "TestSupport"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"]),
    .testTarget(name: "RandomnessTests", dependencies: ["CGSL", "Randomness", "CPhilox"]),
    .testTarget(name: "TraceTests", dependencies: ["EventKernel", "JSON", "Trace", "Units", "TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: ["Randomness", "Training", "Units"]),
    .testTarget(name: "DatasetsTests", dependencies: ["CZlib", "Datasets", "Randomness", "TestSupport"]),
    .testTarget(name: "NetworkTests", dependencies: ["EventKernel", "Network", "TestSupport", "Units"]),
    .testTarget(
      name: "WirelessTests", dependencies: ["CElementary", "CFading", "CGSL", "Randomness", "Units", "Wireless"]),
    .testTarget(
      name: "SplitViTTests",
      dependencies: ["CTensor", "Datasets", "JSON", "Randomness", "SplitViT", "Trace", "Training", "TestSupport"],
      exclude: ["References"]),
    .testTarget(
      name: "AllocationTests", dependencies: ["Allocation", "Randomness", "TestSupport", "Units", "Wireless"],
      resources: [.copy("Cases")]),
    .testTarget(
      name: "ScenarioTests",
      dependencies: [
        "Allocation", "CZlib", "Datasets", "Network", "Randomness", "Scenario", "TestSupport", "Training", "Units",
        "Wireless",
      ],
      exclude: ["Bad"]),
    .testTarget(
      name: "ExternalTests",
      dependencies: [
        "Allocation", "Datasets", "External", "JSON", "Randomness", "Training", "Units", "Wireless",
      ]),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Allocation", "Datasets", "EventKernel", "JSON", "Network", "Randomness", "Scenario", "Simulation",
        "TestSupport", "Trace", "Training", "Units", "Wireless",
      ]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Allocation", "Experiments", "Scenario", "Simulation", "Statistics", "TestSupport", "Trace", "Units",
      ]),
    .testTarget(
      name: "EnvironmentsTests",
      dependencies: [
        "AirSplitLibrary", "Allocation", "CAirSplit", "Environments", "Randomness", "Scenario", "Simulation",
        "TestSupport", "Trace", "Units", "Wireless",
      ]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Charts", "EventKernel", "JSON", "Reports", "Scenario", "Trace", "Units"]),
    .testTarget(
      name: "ReproductionTests",
      dependencies: [
        "Allocation", "Charts", "Experiments", "Network", "Reproduction", "Scenario", "Simulation", "Statistics",
        "TestSupport", "Trace", "Training", "Units", "Wireless",
      ]),
    .testTarget(name: "GoldenTests", dependencies: ["Scenario", "Simulation", "Trace"], exclude: ["Golden"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "CZlib", "airsplit", "JSON", "Trace", "Experiments", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
)

// What a file uses of a library, it imports: no import reaches a file through another one's.
for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + [.enableUpcomingFeature("MemberImportVisibility")]
}

// A build for a sanitizer is made of some test targets and what they need (tools/test).
if let names = Context.environment["AIRSPLIT_TEST_TARGETS"]?.split(separator: " ").map(String.init) {
  package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}

// In CI a warning is an error; elsewhere a newer compiler may have more of them.
if Context.environment["AIRSPLIT_WARNINGS"] == "error" {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}
