import Addresses
import CNIProtocol
import FoundationEssentials
import Policies

extension PolicyOracle.Pod {
    /// A pod, or what a Deployment or the like makes pods of, under its name.
    init(manifest object: JSONValue, _ source: DocumentSource) throws(CommandError) {
        let metadata = try ManifestMetadata(object, source)
        let kind = object["kind"].shown
        var spec = object["spec"]
        var labels = metadata.labels
        if kind != "Pod" {
            let template = (kind == "CronJob" ? spec?["jobTemplate"]?["spec"] : spec)?["template"]
            labels = try ManifestMetadata.labels(
                template?["metadata"], "\(kind) \(metadata.name): template.metadata", source)
            spec = template?["spec"]
        }
        let status = kind == "Pod" ? object["status"] : nil
        let addresses =
            (status?["podIPs"]?.arrayValue ?? []).compactMap { $0["ip"]?.stringValue }
            + [status?["podIP"]?.stringValue].compactMap { $0 }
        var known: [IPAddress] = []
        for address in addresses.compactMap({ IPAddress($0) })
        where !known.contains(where: { $0.family == address.family }) {
            known.append(address)
        }
        self.init(
            PodRecord(
                namespace: metadata.namespace, name: metadata.name, node: spec?["nodeName"]?.stringValue ?? "",
                labels: labels, addresses: known, ports: Self.ports(spec)),
            usesHostNetwork: spec?["hostNetwork"]?.boolValue ?? false,
            hasEnded: ["Succeeded", "Failed"].contains(status?["phase"].shown))
    }

    /// The names of ports of the containers that run for as long as the pod does.
    private static func ports(_ spec: JSONValue?) -> [PodRecord.NamedPort] {
        let sidecars = (spec?["initContainers"]?.arrayValue ?? []).filter { $0["restartPolicy"].shown == "Always" }
        let containers = (spec?["containers"]?.arrayValue ?? []) + sidecars
        return containers.flatMap { $0["ports"]?.arrayValue ?? [] }.compactMap { port in
            let transport = port["protocol"]?.stringValue ?? "TCP"
            guard let name = port["name"]?.stringValue, let transport = NetworkPolicy.Transport(rawValue: transport),
                let number = port["containerPort"]?.intValue.flatMap({ UInt16(exactly: $0) })
            else { return nil }
            return PodRecord.NamedPort(name, transport, number)
        }
    }
}

extension NetworkPolicy {
    /// A NetworkPolicy as a manifest has it; one that the API server would refuse is an error.
    init(manifest object: JSONValue, _ source: DocumentSource) throws(CommandError) {
        let metadata = try ManifestMetadata(object, source)
        self = try source.decode(object, "NetworkPolicy \(metadata.namespace)/\(metadata.name)")
        // A manifest has no unique id, which the name in etcd ends with.
        try source.refuse(problems, of: "NetworkPolicy \(title)")
    }
}

extension Policy {
    /// One of Romana's own policies; one that the daemon would refuse is an error.
    init(manifest document: JSONValue, _ source: DocumentSource) throws(CommandError) {
        self = try source.decode(document, "policy \(document["id"].shown)")
        try source.refuse(problems, of: "policy \(id)")
    }
}

extension DocumentSource {
    /// A value as its document has it.
    fileprivate func decode<Value: Decodable>(_ document: JSONValue, _ subject: String) throws(CommandError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(document.bytes))
        } catch let error as DecodingError {
            throw failure("\(subject): \(error.sentence)")
        } catch {
            throw failure("\(subject): \(error)")
        }
    }

    /// Tells everything that is wrong with an object.
    fileprivate func refuse(_ problems: [PolicyError.Problem], of subject: String) throws(CommandError) {
        guard !problems.isEmpty else { return }
        throw failure("\(subject): \(problems.map(\.description).joined(separator: "; "))")
    }
}
