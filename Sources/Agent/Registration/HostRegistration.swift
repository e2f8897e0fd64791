import Addresses
import KubernetesAPI
import Topology

/// What the cluster is to know of the node.
struct HostRegistration: Sendable, Hashable {
    var name: String
    /// The first is the one that it is known by.
    var addresses: [IPAddress]
    /// Its labels; nil leaves to the cluster what it knows.
    var labels: [String: String]?
    /// Further facts, by name.
    var facts: [String: String]

    /// Under what facts have the id of the machine.
    static let machineName = "machine_id"
    /// Under what facts have the id of the node in the API.
    static let uidName = "uid"

    /// What is told on the command line comes first, then what the node in the API says, then what the link has.
    ///
    /// - Parameters:
    ///   - node: the node in the API; nil where there is no API.
    ///   - carried: the addresses that this machine has.
    init(_ settings: AgentSettings, _ identity: NodeIdentity, node: Node?, carried: [IPAddress]) {
        name = settings.node
        addresses = settings.addresses
        if let node, !settings.hasGivenAddresses {
            var known: [IPAddress] = []
            // One that is not here is another machine's, or is about to come.
            for address in node.addresses + settings.addresses
            where carried.contains(address) && !known.contains(where: { $0.family == address.family }) {
                known.append(address)
            }
            if !known.isEmpty { addresses = known }
        }
        if let node {
            labels = node.labels.merging(settings.labels) { $1 }
        } else {
            labels = settings.labels.isEmpty ? nil : settings.labels
        }
        facts = [Self.machineName: identity.machine, Self.uidName: node?.metadata.uid ?? ""].filter {
            !$0.value.isEmpty
        }
    }

    /// Whether a host says all that already.
    func isMet(by host: HostRecord) -> Bool {
        host.addresses == addresses && (labels.map { $0 == host.tags } ?? true)
            && facts.allSatisfy { host.kubernetes[$0.key] == $0.value }
    }
}
