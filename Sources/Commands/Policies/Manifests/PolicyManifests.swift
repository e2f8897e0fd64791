import Addresses
import CNIProtocol
import Policies

/// What manifests say of a cluster, as far as policies are about it.
struct PolicyManifests {
    /// The cluster.
    private(set) var oracle = PolicyOracle()
    /// What is expected of it, in the order of the files.
    private(set) var expectations: [PolicyExpectation] = []

    /// How many pods and nodes had to be given addresses.
    private var invented: UInt32 = 0

    /// Reads files; `-` is standard input.
    init(files: [String], _ console: Console) throws(CommandError) {
        for file in files {
            let source = DocumentSource("manifests", file: file)
            do throws(CommandError) {
                for document in try source.documents(console) { try read(document, source) }
            } catch {
                throw CommandError(error.description, kind: .usage)
            }
        }
        settle()
    }

    private mutating func read(_ document: JSONValue, _ source: DocumentSource) throws(CommandError) {
        if let list = document.arrayValue {
            for element in list { try read(element, source) }
            return
        }
        let kind = document["kind"].shown
        switch kind {
        case "NetworkPolicy": put(try NetworkPolicy(manifest: document, source))
        case "Namespace":
            let namespace = try ManifestMetadata(document, source)
            oracle.namespaces[namespace.name] = namespace.labels
        case "Node":
            let addresses = (document["status"]?["addresses"]?.arrayValue ?? []).compactMap {
                $0["address"]?.stringValue
            }
            oracle.nodes[try ManifestMetadata(document, source).name] = addresses.compactMap { IPAddress($0) }
        case "Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob":
            put(try PolicyOracle.Pod(manifest: document, source))
        case _ where document["items"]?.arrayValue != nil:
            for item in document["items"]?.arrayValue ?? [] { try read(item, source) }
        case "": try readUnkind(document, source)
        // What else manifests are about, policies are not.
        default: break
        }
    }

    /// Reads what is no object of Kubernetes: expectations, and policies of Romana's own.
    private mutating func readUnkind(_ document: JSONValue, _ source: DocumentSource) throws(CommandError) {
        if let list = document["expect"] {
            guard let elements = list.arrayValue else { throw source.failure("expect: a list is due") }
            for (index, element) in elements.enumerated() {
                expectations.append(try PolicyExpectation(element, place: "expect[\(index)]", source))
            }
        } else if document["direction"] != nil || document["applied_to"] != nil {
            let policy = try Policy(manifest: document, source)
            oracle.policies.removeAll { $0.id == policy.id }
            oracle.policies.append(policy)
        } else if !document.isNull {
            throw source.failure(
                "a document is neither an object of Kubernetes, nor a policy, nor a list of expectations")
        }
    }

    private mutating func put(_ policy: NetworkPolicy) {
        oracle.networkPolicies.removeAll { $0.namespace == policy.namespace && $0.name == policy.name }
        oracle.networkPolicies.append(policy)
    }

    private mutating func put(_ pod: PolicyOracle.Pod) {
        oracle.pods.removeAll { $0.record.namespace == pod.record.namespace && $0.record.name == pod.record.name }
        oracle.pods.append(pod)
    }

    /// Gives addresses to pods and nodes that have none, since manifests seldom say any.
    private mutating func settle() {
        for pod in oracle.pods.indices {
            if oracle.pods[pod].record.addresses.isEmpty { oracle.pods[pod].record.addresses = invent() }
            let node = oracle.pods[pod].record.node
            if !node.isEmpty, oracle.nodes[node] == nil { oracle.nodes[node] = [] }
        }
        for node in oracle.nodes.keys.sorted() where oracle.nodes[node] == [] { oracle.nodes[node] = invent() }
    }

    /// Addresses of both families that nobody has: 198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for
    /// documents (RFC 3849).
    private mutating func invent() -> [IPAddress] {
        invented += 1
        return [
            .v4(IPv4Address(rawValue: 0xC612_0000 + invented)),
            .v6(IPv6Address(rawValue: 0x2001_0DB8 << 96 | UInt128(invented))),
        ]
    }
}
