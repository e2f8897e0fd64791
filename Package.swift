// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is compiled with; the explicit import check is a flag of the build (see Makefile).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Products of other packages, by the names used below.
extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let logging = product(name: "Logging", package: "swift-log")
    static let deques = product(name: "DequeModule", package: "swift-collections")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let grpcCore = product(name: "GRPCCore", package: "grpc-swift-2")
    static let grpcTransport = product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
    static let grpcProtobuf = product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
    static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
}

extension Target {
    /// A module of ours under Sources/.
    static func module(
        _ name: String, _ dependencies: [Dependency] = [], resources: [Resource] = []
    ) -> Target {
        .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
    }

    /// A thin main under Sources/.
    static func main(_ name: String, _ dependencies: [Dependency]) -> Target {
        .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
    }

    /// A module that serves tests only, under Tests/.
    static func support(_ name: String, _ dependencies: [Dependency]) -> Target {
        .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
    }

    /// A bundle of tests under Tests/.
    static func tests(_ name: String, _ dependencies: [Dependency]) -> Target {
        .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
    }

    /// A C library of Debian's, seen through a module map.
    static func library(_ name: String, _ pkgConfig: String, _ debian: String) -> Target {
        .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
    }
}

let package = Package(
    name: "romana",
    products: [
        .executable(name: "romana-cni", targets: ["romana-cni"]),
        .executable(name: "romana-agent", targets: ["romana-agent"]),
        .executable(name: "romana-daemon", targets: ["romana-daemon"]),
        .executable(name: "romana", targets: ["romana"]),
        // What perf/ measures and drives.
        .library(
            name: "RomanaModules",
            targets: [
                "Addresses", "CNIProtocol", "Deltas", "Topology", "Policies", "LinuxSystem", "Netlink", "Nftables",
                "Testbed", "GrantLoad",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C, one door each.
        .target(name: "CLinux"),
        .target(name: "CCurlShims", dependencies: ["CCurl"]),
        .library("CMnl", "libmnl", "libmnl-dev"),
        .library("CNlRoute", "libnl-route-3.0", "libnl-route-3-dev"),
        .library("CNftnl", "libnftnl", "libnftnl-dev"),
        .library("CCurl", "libcurl", "libcurl4-openssl-dev"),
        .library("CExpat", "expat", "libexpat1-dev"),

        // Pure: no clock, file, socket or logger.
        .module("Addresses"),
        .module("Release"),
        .module("Options", [.argumentParser]),
        .module("Deltas"),
        .module("CNIProtocol", ["Addresses"]),
        .module("YAML", ["CNIProtocol"]),
        .module("Topology", ["Addresses"]),
        .module("Policies", ["Addresses", .crypto]),
        .module("VPCRoutes", ["Addresses", "Topology"]),

        // One kernel family or remote API each.
        .module("LinuxSystem", ["CLinux"]),
        .module("Netlink", ["Addresses", "LinuxSystem", "CLinux", "CMnl", "CNlRoute"]),
        .module("Nftables", ["Addresses", "LinuxSystem", "Netlink", "CLinux", "CMnl", "CNftnl"]),
        .module("Conntrack", ["Addresses", "LinuxSystem", "Netlink", "CLinux", "CMnl"]),
        .module("Telemetry", [.logging]),
        .module("HTTPTransfer", ["LinuxSystem", "CCurl", "CCurlShims"]),
        .module(
            "Etcd",
            [
                .logging, .grpcCore, .grpcTransport, .grpcProtobuf, .protobuf, .nioCore, .nioPosix, .nioSSL,
            ]),

        .module(
            "KubernetesAPI",
            [
                "Addresses", "CNIProtocol", "Deltas", "YAML", "Policies", "LinuxSystem", "HTTPTransfer", .logging,
            ]),

        .module("AWS", ["Addresses", "HTTPTransfer", "LinuxSystem", "CExpat", .crypto, .logging]),

        // Behaviour.
        .module(
            "Duties",
            [
                "AWS", "Addresses", "Deltas", "LinuxSystem", "Policies", "Topology", "VPCRoutes", "Etcd",
                "KubernetesAPI",
                .logging,
            ]),
        .module(
            "Agent",
            [
                "AWS", "Addresses", "CNIProtocol", "Deltas", "Release", "Topology", "Policies", "LinuxSystem",
                "Netlink",
                "Nftables", "Conntrack", "HTTPTransfer", "KubernetesAPI", "Duties", "Daemon", "Options", "Etcd",
                "Telemetry",
                .logging,
                .deques, .hummingbird, .httpTypes, .serviceLifecycle, .unixSignals,
                .argumentParser,
            ],
            // A link to the one in cni/, so that the agent and cni/install.sh install the same.
            resources: [.embedInCode("Installation/10-romana.conflist")]),
        .module(
            "Daemon",
            [
                "AWS", "Addresses", "Release", "Topology", "Policies", "Options", "Etcd", "Telemetry",
                .logging,
                .hummingbird, .hummingbirdCore, .httpTypes, .serviceLifecycle, .unixSignals,
                .argumentParser, .nioCore, .nioPosix, .nioSSL,
            ]),
        .module(
            "Commands",
            [
                "Addresses", "CNIProtocol", "Release", "YAML", "Topology", "Policies", "LinuxSystem", "HTTPTransfer",
                "Netlink", "Nftables", "Conntrack", .argumentParser,
            ]),

        // Thin mains.
        .main("romana-cni", ["CNIProtocol", "LinuxSystem", "CLinux", "Release"]),
        .main("romana-agent", ["Agent"]),
        .main("romana-daemon", ["Daemon"]),
        .main("romana", ["Commands"]),

        // What tests share.
        .support("TestSupport", ["Addresses", "LinuxSystem", "Netlink", "Nftables"]),
        .support("StubServer", ["LinuxSystem"]),
        .support("Testbed", ["CNIProtocol", "YAML", "HTTPTransfer", "LinuxSystem"]),
        .support("KubeletDriver", ["Testbed", "CNIProtocol", "YAML", "LinuxSystem"]),
        .support("SeededRandom", []),
        .support("WrittenLog", [.logging]),
        .support("PolicyCases", ["Policies", "Addresses", "SeededRandom"]),
        .support("GrantLoad", [.nioCore, .nioPosix]),

        // What `make demo` runs.
        .executableTarget(
            name: "romana-demo", dependencies: ["LinuxSystem", "Testbed"], path: "Tests/Demo", swiftSettings: settings),
        // What `make cluster` runs.
        .executableTarget(
            name: "romana-cluster", dependencies: ["KubeletDriver", "LinuxSystem", "Testbed"],
            path: "Tests/ClusterProgram", swiftSettings: settings),

        // Unit tests: no root, no network.
        .tests("AddressesTests", ["Addresses", "SeededRandom"]),
        .tests("DeltasTests", ["Deltas", "SeededRandom"]),
        .tests("CNIProtocolTests", ["CNIProtocol", "Addresses"]),
        .tests("YAMLTests", ["YAML", "CNIProtocol"]),
        .tests("TopologyTests", ["Topology", "Addresses", "SeededRandom"]),
        .tests("VPCRoutesTests", ["VPCRoutes", "Addresses", "Topology", "SeededRandom"]),
        .tests("PoliciesTests", ["Policies", "Addresses", "PolicyCases", "SeededRandom"]),
        .tests(
            "KubernetesAPITests",
            [
                "KubernetesAPI", "Addresses", "Policies", "LinuxSystem", "HTTPTransfer", "StubServer", "Testbed",
                .logging,
            ]),
        .tests(
            "DutiesTests",
            [
                "AWS", "Duties", "KubernetesAPI", "Policies", "Addresses", "Topology", "VPCRoutes", "Etcd",
                "StubServer",
                .logging,
            ]),
        .tests(
            "AWSTests",
            ["AWS", "Addresses", "LinuxSystem", "HTTPTransfer", "StubServer", "Testbed", "WrittenLog", .logging]),
        .tests("TelemetryTests", ["Telemetry", "CNIProtocol", "YAML", "Testbed", .logging]),
        .tests("LinuxSystemTests", ["LinuxSystem"]),
        .tests("NetlinkTests", ["Netlink", "Addresses", "LinuxSystem", "TestSupport"]),
        .tests("ConntrackTests", ["Conntrack", "Addresses", "Netlink", "CLinux"]),
        .tests("HTTPTransferTests", ["HTTPTransfer", "LinuxSystem", "StubServer", "Testbed"]),
        .tests("EtcdTests", ["Etcd", .grpcCore, .nioCore, .product(name: "NIOEmbedded", package: "swift-nio")]),
        .tests(
            "AgentTests",
            [
                "AWS", "Agent", "Addresses", "CNIProtocol", "Topology", "Policies", "LinuxSystem", "Netlink",
                "Nftables", "Duties", "Etcd", "KubernetesAPI", "TestSupport", .logging, .argumentParser,
            ]),
        .tests(
            "DaemonTests",
            [
                "AWS", "Daemon", "Addresses", "Topology", "Policies", "HTTPTransfer", "Etcd", "StubServer", "Testbed",
                .hummingbird, .hummingbirdTesting, .httpTypes, .logging, .nioCore, .argumentParser,
            ]),
        .tests(
            "CommandsTests",
            [
                "Commands", "Addresses", "CNIProtocol", "Release", "YAML", "Policies", "LinuxSystem", "StubServer",
                "Testbed",
            ]),

        // Real parts.
        .tests(
            "KernelTests",
            ["Addresses", "Policies", "LinuxSystem", "Netlink", "Nftables", "Conntrack", "TestSupport", "Testbed"]),
        .tests(
            "EtcdServerTests",
            [
                "AWS", "Addresses", "Topology", "Policies", "Etcd", "HTTPTransfer", "KubernetesAPI", "Duties",
                "StubServer", "Testbed", "WrittenLog", .logging, .nioCore, .nioPosix,
            ]),
        .tests(
            "SystemTests",
            [
                "AWS", "Addresses", "CNIProtocol", "Policies", "PolicyCases", "LinuxSystem", "KubeletDriver",
                "StubServer", "Testbed", "GrantLoad", .logging,
            ]),
    ]
)
