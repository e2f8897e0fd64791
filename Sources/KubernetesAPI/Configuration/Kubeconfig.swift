import CNIProtocol
import FoundationEssentials
import HTTPTransfer
import LinuxSystem
import YAML

/// A kubeconfig file, as far as a program without a terminal can use one.
///
/// What it asks for and is not served here is refused by name, never passed over: it decides whom we trust and who we are.
struct Kubeconfig {
    private let path: String
    private let document: JSONValue

    init(path: String) throws(KubernetesAPIError) {
        self.path = path
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.readFile(path)
        } catch {
            throw KubernetesAPIError(.configuration, "kubeconfig: \(error)")
        }
        do {
            document = try JSONValue(parsingYAML: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw KubernetesAPIError(.configuration, "kubeconfig \(path): \(error)")
        }
    }

    /// What a context says, `current-context` when none is named.
    func configuration(context name: String? = nil) throws(KubernetesAPIError) -> KubernetesConfiguration {
        guard let context = name ?? document["current-context"]?.stringValue, !context.isEmpty else {
            throw refusal("it has no current-context")
        }
        let chosen = try entry("contexts", context, "context")
        guard let clusterName = chosen["cluster"]?.stringValue else {
            throw refusal("context \(context) has no cluster")
        }
        let cluster = try entry("clusters", clusterName, "cluster")
        let userName = chosen["user"]?.stringValue ?? ""
        let user = userName.isEmpty ? .object([]) : try entry("users", userName, "user")
        try refuse(cluster, "cluster \(clusterName)", ["proxy-url", "tls-server-name"])
        try refuse(
            user, "user \(userName)",
            ["exec", "auth-provider", "username", "password", "as", "as-uid", "as-groups", "as-user-extra"])
        guard let server = cluster["server"]?.stringValue else { throw refusal("cluster \(clusterName) has no server") }
        var tls = HTTPTLS(
            caFile: file(cluster, "certificate-authority"), certificateFile: file(user, "client-certificate"),
            keyFile: file(user, "client-key"),
            given: .init(
                ca: try data(cluster, "certificate-authority-data"),
                certificate: try data(user, "client-certificate-data"), key: try data(user, "client-key-data")))
        if tls.given == .init() { tls.given = nil }
        tls.verifiesServer = !(cluster["insecure-skip-tls-verify"]?.boolValue ?? false)
        do {
            return try KubernetesConfiguration(
                server: server, tls: tls, tokenFile: file(user, "tokenFile"), token: text(user, "token"))
        } catch {
            throw refusal(error.description)
        }
    }

    /// The entry of that name in one of the three lists.
    private func entry(_ list: String, _ name: String, _ key: String) throws(KubernetesAPIError) -> JSONValue {
        let item = document[list]?.arrayValue?.first { $0["name"]?.stringValue == name }
        guard let entry = item?[key], entry.members != nil else { throw refusal("it has no \(key) \(name)") }
        return entry
    }

    private func refuse(_ entry: JSONValue, _ subject: String, _ keys: [String]) throws(KubernetesAPIError) {
        guard let key = keys.first(where: { !(entry[$0]?.isNull ?? true) }) else { return }
        switch key {
        case "exec", "auth-provider":
            throw refusal(
                "\(subject) gets its credentials from a program (\(key)), which is not run here; name a tokenFile or a "
                    + "client certificate")
        default: throw refusal("\(subject) has \(key), which is not served here")
        }
    }

    private func text(_ entry: JSONValue, _ key: String) -> String? {
        guard let text = entry[key]?.stringValue, !text.isEmpty else { return nil }
        return text
    }

    /// A path; relative ones are relative to the kubeconfig's folder.
    private func file(_ entry: JSONValue, _ key: String) -> String? {
        guard let file = text(entry, key) else { return nil }
        guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
        return path[...slash] + file
    }

    private func data(_ entry: JSONValue, _ key: String) throws(KubernetesAPIError) -> [UInt8]? {
        guard let text = text(entry, key) else { return nil }
        guard let data = Data(base64Encoded: text) else { throw refusal("\(key) is not base64") }
        return Array(data)
    }

    private func refusal(_ problem: String) -> KubernetesAPIError {
        KubernetesAPIError(.configuration, "kubeconfig \(path): \(problem)")
    }
}

extension KubernetesConfiguration {
    /// What a kubeconfig file says, in its current context when none is named.
    public init(kubeconfig path: String, context: String? = nil) throws(KubernetesAPIError) {
        self = try Kubeconfig(path: path).configuration(context: context)
    }
}
