// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "AirSplitBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, since the folder of a clone may be called anything.
    .package(name: "AirSplit", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "airsplit-bench",
      dependencies: [
        "CAllocationCounter",
        .product(name: "Allocation", package: "AirSplit"),
        .product(name: "CTensor", package: "AirSplit"),
        .product(name: "EventKernel", package: "AirSplit"),
        .product(name: "Network", package: "AirSplit"),
        .product(name: "Randomness", package: "AirSplit"),
        .product(name: "Simulation", package: "AirSplit"),
        .product(name: "SplitViT", package: "AirSplit"),
        .product(name: "Training", package: "AirSplit"),
        .product(name: "Units", package: "AirSplit"),
        .product(name: "Wireless", package: "AirSplit"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
)

for target in package.targets {
  target.swiftSettings = [.enableUpcomingFeature("MemberImportVisibility")]
}
