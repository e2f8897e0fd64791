import Addresses
import ArgumentParser
import Topology

/// Which addresses the cluster's Services have.
struct ServiceRangeOptions: ParsableArguments {
    @Option(
        help: "The cluster's range of service addresses (CIDR, comma between), which no network may overlap."
    )
    var serviceClusterIpRange: String?

    /// The ranges of service addresses: as given, else those of clusters made by kubeadm and kops, else as much as is known.
    func ranges(in environment: DaemonEnvironment) throws(DaemonError) -> [IPPrefix] {
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
}
