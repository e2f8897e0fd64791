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
        help: "The cluster's range of service addresses (CIDR, comma between), which no network may overlap."
    )
    var serviceClusterIpRange: String?

    /// Refuses values that cannot be.
    func validate() throws {
        if let cloud, !["", "aws"].contains(cloud) {
            throw ValidationError("--cloud \(cloud) is not known, only aws is")
        }
    }

    /// The ranges of service addresses: as given, else those of clusters made by kubeadm and kops, else as much as is known.
    func serviceRanges(in environment: DaemonEnvironment) throws(DaemonError) -> [IPPrefix] {
        if let text = environment.value(serviceClusterIpRange, "service-cluster-ip-range") {
            var ranges: [IPPrefix] = []
            for entry in text.split(separator: ",") {
                guard let range = IPPrefix(String(entry)) else {
                    throw DaemonError(.invalid, "read --service-cluster-ip-range: \"\(entry)\" is not a CIDR")
                }
                ranges.append(range)
            }
            return ranges
        }
        let range: String? =
            switch environment.kubernetesService {
            case TopologySource.kubernetesServices.kubeadm?: "10.96.0.0/12"
            case TopologySource.kubernetesServices.kops?: "100.64.0.0/13"
            case let address?: address + (address.contains(":") ? "/128" : "/32")
            case nil: nil
            }
        return range.flatMap { IPPrefix($0) }.map { [$0] } ?? []
    }

    /// What the flags and `environment` say; nothing is read yet but the file.
    func choice(in environment: DaemonEnvironment) throws(DaemonError) -> FirstTopology {
        let file = environment.value(initialNetwork, "initial-network") ?? initialTopologyFile
        return try FirstTopology(
            file: file, cloud: environment.value(cloud, "cloud"), kubernetesService: environment.kubernetesService,
            overrides: environment.value(networkCidrOverrides, "network-cidr-overrides"),
            region: environment.value(awsRegion, "aws-region") ?? environment["AWS_REGION"]
                ?? environment["AWS_DEFAULT_REGION"],
            zones: environment.value(awsZones, "aws-zones"))
    }
}
