import ArgumentParser
import HTTPTransfer
import KubernetesAPI

/// What the agent is told about the Kubernetes API.
struct KubernetesOptions: ParsableArguments {
    @Option(help: "File in kubectl's form that says where the API server is and who the agent is there.")
    var kubeconfig: String?

    @Option(
        name: [.customLong("kubernetes-api"), .customLong("api-server")],
        help: """
            Base address of the API server (default: that of the cluster, for a pod with a service account, which \
            takes a proxy on the node; else there is none, and no NetworkPolicies).
            """)
    var kubernetesAPI: String?

    @Option(help: "File with the bearer token for it (default: that of the service account).")
    var kubernetesTokenFile: String?

    @Option(
        name: .customLong("kubernetes-ca-file"),
        help: "File with the authority of its certificate (default: that of the service account).")
    var kubernetesCAFile: String?

    /// Where the API server is; nil when there is none.
    func configuration() throws(AgentError) -> KubernetesConfiguration? {
        do throws(KubernetesAPIError) {
            if let kubeconfig {
                guard kubernetesAPI == nil, kubernetesTokenFile == nil, kubernetesCAFile == nil else {
                    throw KubernetesAPIError(
                        .configuration, "--kubeconfig says it all: no other --kubernetes option goes with it")
                }
                return try KubernetesConfiguration(kubeconfig: kubeconfig)
            }
            if let kubernetesAPI {
                let given = try KubernetesConfiguration(
                    server: kubernetesAPI, tls: HTTPTLS(caFile: kubernetesCAFile), tokenFile: kubernetesTokenFile)
                return given.withServiceAccount()
            }
            guard kubernetesTokenFile == nil, kubernetesCAFile == nil else {
                throw KubernetesAPIError(
                    .configuration,
                    "--kubernetes-token-file and --kubernetes-ca-file: of no use without --kubernetes-api")
            }
            return try KubernetesConfiguration.inCluster()
        } catch {
            throw AgentError("\(error)")
        }
    }
}
