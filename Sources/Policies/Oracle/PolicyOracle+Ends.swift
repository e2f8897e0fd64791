public import Addresses

extension PolicyOracle {
    /// Where traffic comes from or goes to.
    public enum Endpoint: Hashable, Sendable {
        /// A pod by its namespace and name.
        case pod(String, String)
        /// A node itself by its name.
        case node(String)
        /// Whoever has this address: a pod, a node, or somebody outside of the cluster.
        case address(IPAddress)
    }

    /// What the first packet of some traffic is.
    public enum Traffic: Hashable, Sendable {
        /// To a port of a protocol.
        case port(NetworkPolicy.Transport, UInt16)
        /// An ICMP message; ICMPv6 over IPv6.
        case icmp(type: UInt8, code: UInt8)
    }

    /// An endpoint found in the world.
    struct End {
        /// The pod, if it is one that policies are about.
        var pod: PodRecord?
        /// The node, if it is one.
        var node: String?
        /// The address in its packets.
        var address: IPAddress
    }

    /// Traffic between two ends.
    struct Flow {
        var source: End
        var destination: End
        var traffic: Traffic
    }

    /// What one policy that isolates a pod says of a flow: the first rule that allows it, or none.
    struct Opinion {
        var policy: Judgement.PolicyName
        var rule: Int?
    }

    /// The addresses of an endpoint; empty when there is no such pod or node.
    public func addresses(of endpoint: Endpoint) -> [IPAddress] {
        switch endpoint {
        case .address(let address): [address]
        case .node(let name): nodes[name] ?? []
        case .pod(let namespace, let name):
            pods.first { !$0.hasEnded && $0.record.namespace == namespace && $0.record.name == name }
                .map { $0.usesHostNetwork ? nodes[$0.record.node] ?? $0.record.addresses : $0.record.addresses } ?? []
        }
    }

    /// The first family, IPv4 before IPv6, that both ends have an address of.
    public func sharedFamily(_ left: Endpoint, _ right: Endpoint) -> AddressFamily? {
        let families = Set(addresses(of: left).map(\.family)).intersection(addresses(of: right).map(\.family))
        return families.min()
    }

    /// Who an endpoint is in a family.
    func end(_ endpoint: Endpoint, _ family: AddressFamily) -> End? {
        guard let address = addresses(of: endpoint).first(where: { $0.family == family }) else { return nil }
        switch endpoint {
        case .node(let name): return End(node: name, address: address)
        case .pod(let namespace, let name):
            let pod = pods.first { !$0.hasEnded && $0.record.namespace == namespace && $0.record.name == name }
            guard let pod else { return nil }
            return pod.usesHostNetwork
                ? End(node: pod.record.node, address: address) : End(pod: pod.record, address: address)
        case .address:
            if let pod = pods.first(where: { $0.isOnPodNetwork && $0.record.addresses.contains(address) }) {
                return End(pod: pod.record, address: address)
            }
            let node = nodes.filter { $0.value.contains(address) }.keys.min()
            return End(node: node, address: address)
        }
    }

    /// The labels of a namespace, with the one that the API server gives every namespace.
    func labels(ofNamespace name: String) -> [String: String] {
        var labels = namespaces[name] ?? [:]
        labels["kubernetes.io/metadata.name"] = name
        return labels
    }
}

extension PolicyOracle.Endpoint {
    /// The family of an address, which pods and nodes may have both of.
    var family: AddressFamily? {
        if case .address(let address) = self { address.family } else { nil }
    }
}
