import HTTPTransfer
import LinuxSystem

extension KubernetesConfiguration {
    /// Where the kubelet puts what a pod needs to be known at the API server.
    public static let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The API server of the cluster whose pod this is; nil when it is none.
    ///
    /// - Parameters:
    ///   - folder: with the files `token` and `ca.crt`.
    ///   - variable: in place of the process's environment, which has `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`.
    public static func inCluster(
        folder: String = serviceAccount,
        variable: ((String) -> String?)? = nil
    ) throws(KubernetesAPIError) -> KubernetesConfiguration? {
        let variable = variable ?? ProcessEnvironment.value
        guard let host = variable("KUBERNETES_SERVICE_HOST"), !host.isEmpty,
            FileSystem.fileExists("\(folder)/token")
        else { return nil }
        let port = variable("KUBERNETES_SERVICE_PORT") ?? "443"
        return try KubernetesConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            tls: HTTPTLS(caFile: "\(folder)/ca.crt"), tokenFile: "\(folder)/token")
    }

    /// The same API server as the pod's service account is known there, as far as nothing else is said.
    ///
    /// A token is sent to nobody who need not show a certificate.
    ///
    /// - Parameter folder: with the files `token` and `ca.crt`.
    public func withServiceAccount(folder: String = serviceAccount) -> KubernetesConfiguration {
        var configuration = self
        guard server.hasPrefix("https://"), FileSystem.fileExists("\(folder)/token") else { return configuration }
        if tokenFile == nil, token == nil, tls.certificateFile == nil { configuration.tokenFile = "\(folder)/token" }
        if tls.caFile == nil, FileSystem.fileExists("\(folder)/ca.crt") {
            configuration.tls.caFile = "\(folder)/ca.crt"
        }
        return configuration
    }
}
