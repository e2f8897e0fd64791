import Addresses
import ArgumentParser
import Topology

/// Which topology a new cluster begins with.
struct TopologyOptions: ParsableArguments {
    @Option(help: "The topology (JSON) to store when etcd holds none.")
    var initialNetwork: String?
    @Option(help: .hidden)
    var initialTopologyFile: String?
    @Option(help: "The cloud the cluster runs in, for a built-in topology: aws.")
    var cloud: String?
    @Option(help: "Other CIDRs for networks of the first topology: NAME=CIDR, comma between.")
    var networkCidrOverrides: String?
    @Option(help: "The AWS region of the cluster (default: AWS_REGION, else what the instance's metadata says).")
    var awsRegion: String?
    @Option(help: "The zones of the cluster's AWS region, comma between, as in us-east-1a,us-east-1b or a,b.")
    var awsZones: String?

    @Option(
        help: .init(
            "The CIDR of a flat first topology: one network in as many equal groups as --nodes says.",
            valueName: "cidr"))
    var cidr: String?
    @Option(help: "The number of those groups (default: 256).")
    var nodes: Int?
    // The first generation of Romana cut addresses up by these.
    @Option(help: .hidden)
    var namespaces: String?
    @Option(help: .hidden)
    var segments: String?

    /// Refuses values that cannot be.
    func validate() throws {
        for (option, value) in [("--namespaces", namespaces), ("--segments", segments)] where value != nil {
            throw ValidationError(
                "\(option): addresses have no part for it any more, so there may be any number; leave it out")
        }
        if let nodes, nodes < 1 { throw ValidationError("--nodes \(nodes): there must be one at least") }
        if cidr != nil, let other = others(in: DaemonEnvironment([:])).first {
            throw ValidationError(Self.contradiction(other))
        }
        if let cloud, !["", "aws"].contains(cloud) {
            throw ValidationError("--cloud \(cloud) is not known, only aws is")
        }
    }

    /// Options that say of a first topology what `--cidr` says by itself, as far as they are given.
    private func others(in environment: DaemonEnvironment) -> [String] {
        [
            ("--initial-network", environment.value(initialNetwork, "initial-network") ?? initialTopologyFile),
            ("--cloud", environment.value(cloud, "cloud")),
            ("--network-cidr-overrides", environment.value(networkCidrOverrides, "network-cidr-overrides")),
        ].compactMap { $0.1 == nil ? nil : $0.0 }
    }

    private static func contradiction(_ other: String) -> String {
        "--cidr is a first topology by itself: no \(other) goes with it"
    }

    /// What the flags and `environment` say; nothing is read yet but the file.
    func choice(in environment: DaemonEnvironment) throws(DaemonError) -> FirstTopology {
        let groups = try groups(in: environment)
        if let cidr = environment.value(cidr, "cidr") {
            if let other = others(in: environment).first { throw DaemonError(.invalid, Self.contradiction(other)) }
            do throws(TopologyError) {
                return try FirstTopology(cidr: cidr, groups: groups ?? 256)
            } catch {
                throw DaemonError(.invalid, "read --cidr and --nodes: \(error)")
            }
        }
        guard groups == nil else { throw DaemonError(.invalid, "read --nodes: of no use without --cidr") }
        let file = environment.value(initialNetwork, "initial-network") ?? initialTopologyFile
        return try FirstTopology(
            file: file, cloud: environment.value(cloud, "cloud"), kubernetesService: environment.kubernetesService,
            overrides: environment.value(networkCidrOverrides, "network-cidr-overrides"),
            region: environment.value(awsRegion, "aws-region") ?? environment["AWS_REGION"]
                ?? environment["AWS_DEFAULT_REGION"],
            zones: environment.value(awsZones, "aws-zones"))
    }

    private func groups(in environment: DaemonEnvironment) throws(DaemonError) -> Int? {
        guard nodes == nil, let text = environment.value(nil, "nodes") else { return nodes }
        guard let number = Int(text), number > 0 else {
            throw DaemonError(.invalid, "read ROMANA_DAEMON_NODES: \"\(text)\" is not a number of groups")
        }
        return number
    }
}
