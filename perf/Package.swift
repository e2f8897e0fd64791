// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "perf",
    products: [
        .executable(name: "pod-churn", targets: ["PodChurn"]),
        .executable(name: "grant-bench", targets: ["GrantBench"]),
        .executable(name: "policy-bench", targets: ["PolicyBench"]),
    ],
    dependencies: [
        .package(name: "romana", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        // Without traits: its counters of allocations and of reference counts need packages that few mirrors have.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        // The raw kernel and process floor, and the machinery that all subjects are driven by. nothing.c is a program
        // of its own: run.sh links it statically.
        .target(
            name: "CFloor",
            path: "floor",
            exclude: ["nothing.c"],
            cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("mnl")]),
        .executableTarget(
            name: "PodChurn",
            dependencies: [
                "CFloor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "GrantBench",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "RomanaModules", package: "romana"),
            ],
            swiftSettings: settings),
        // Agent/ holds links to the agent's own sources: what is measured is its table, without what it is fed by.
        .executableTarget(
            name: "PolicyBench",
            dependencies: [
                "CFloor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "RomanaModules", package: "romana"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Micro",
            dependencies: [
                .product(name: "RomanaModules", package: "romana"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Micro",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)
