/// Topologies that need no file, for clusters made by well-known installers.
enum BuiltInTopology: Sendable, Equatable {
    /// What kubeadm makes: one network in eight groups, no labels asked for.
    case kubeadm

    /// The one for a cluster whose API service has this address, nil when none fits.
    init?(kubernetesService: String?) {
        guard kubernetesService == "10.96.0.1" else { return nil }
        self = .kubeadm
    }

    /// The document, as `POST /topology` takes it.
    var json: String {
        let groups = (1...8).map { #"{"name": "host-group-0\#($0)", "groups": []}"# }.joined(separator: ", ")
        return """
            {"networks": [{"name": "romana-network", "cidr": "10.112.0.0/12", "block_mask": 29}],
             "topologies": [{"networks": ["romana-network"], "map": [\(groups)]}]}
            """
    }
}
