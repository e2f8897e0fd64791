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
    products: [.executable(name: "pod-churn", targets: ["PodChurn"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
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
    ]
)
