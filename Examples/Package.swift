// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "AirSplitExamples",
  platforms: [.macOS(.v15)],
  dependencies: [
    // From elsewhere: .package(url: "…/AirSplit", branch: "main"). Named, since the folder of a clone may be called anything.
    .package(name: "AirSplit", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "own-policy",
      dependencies: [
        .product(name: "Allocation", package: "AirSplit"),
        .product(name: "Simulation", package: "AirSplit"),
        .product(name: "Wireless", package: "AirSplit"),
      ]),
    .executableTarget(
      name: "own-scenario",
      dependencies: [
        .product(name: "Network", package: "AirSplit"),
        .product(name: "Randomness", package: "AirSplit"),
        .product(name: "Simulation", package: "AirSplit"),
        .product(name: "Units", package: "AirSplit"),
        .product(name: "Wireless", package: "AirSplit"),
      ]),
    .executableTarget(
      name: "own-cell",
      dependencies: [
        .product(name: "Allocation", package: "AirSplit"),
        .product(name: "EventKernel", package: "AirSplit"),
        .product(name: "Network", package: "AirSplit"),
        .product(name: "Randomness", package: "AirSplit"),
        .product(name: "Units", package: "AirSplit"),
        .product(name: "Wireless", package: "AirSplit"),
      ]),
  ]
)

for target in package.targets {
  target.swiftSettings = [.enableUpcomingFeature("MemberImportVisibility")]
}
