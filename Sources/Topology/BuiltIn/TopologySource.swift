/// Where the topology of a new cluster comes from.
public enum TopologySource: Hashable, Sendable {
    /// The file that the user gave.
    case file(String)
    /// The built-in one for kubeadm.
    case kubeadm
    /// The built-in one for AWS, of the region that the caller finds out.
    case aws

    /// The address of the API service in clusters made by kubeadm and by kops.
    public static let kubernetesServices = (kubeadm: "10.96.0.1", kops: "100.64.0.1")

    /// Chooses by what the user said and by where the cluster's API service is.
    ///
    /// A file comes first, then `--cloud`, then the address of the service: that of kops means AWS, that of kubeadm
    /// kubeadm. Throws for a cloud other than `aws`, and when nothing decides.
    ///
    /// - Parameters:
    ///   - file: `--initial-network`; empty counts as not given.
    ///   - cloud: `--cloud`; empty counts as not given.
    ///   - kubernetesService: the environment's `KUBERNETES_SERVICE_HOST`.
    public init(file: String?, cloud: String?, kubernetesService: String?) throws(TopologyError) {
        if let file, !file.isEmpty {
            self = .file(file)
            return
        }
        switch cloud ?? "" {
        case "aws": self = .aws
        case "":
            switch kubernetesService ?? "" {
            case Self.kubernetesServices.kops: self = .aws
            case Self.kubernetesServices.kubeadm: self = .kubeadm
            case let other:
                throw TopologyError(
                    field: "KUBERNETES_SERVICE_HOST",
                    problem: (other.isEmpty ? "it is not set, " : "\(other) tells of no built-in topology, ")
                        + "only \(Self.kubernetesServices.kubeadm) (kubeadm) and "
                        + "\(Self.kubernetesServices.kops) (kops) do; give --initial-network FILE or --cloud=aws")
            }
        case let other:
            throw TopologyError(field: "--cloud", problem: "\"\(other)\" is not known, only aws is")
        }
    }
}
