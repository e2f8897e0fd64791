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

    /// What is told on the command line comes first, then what the node in the API says, then what was so far.
    ///
    /// - Parameters:
    ///   - node: the node in the API; nil where there is no API.
    ///   - current: the addresses that it has now.
    ///   - carried: asked for the addresses of the machine's links where that matters.
    init(
        _ settings: AgentSettings, _ identity: NodeIdentity, node: Node?, current: [IPAddress],
        carried: () -> [IPAddress]
    ) {
        name = settings.node
        addresses = current
        if let node, !settings.hasGivenAddresses {
            let wanted = node.addresses + current + settings.addresses
            if Self.firstOfEachFamily(wanted) != current {
                // One that is not here is another machine's, or is about to come.
                let here = Set(carried())
                let known = Self.firstOfEachFamily(wanted.filter(here.contains))
                if !known.isEmpty { addresses = known }
            }
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

    private static func firstOfEachFamily(_ addresses: [IPAddress]) -> [IPAddress] {
        var first: [IPAddress] = []
        for address in addresses where !first.contains(where: { $0.family == address.family }) {
            first.append(address)
        }
        return first
    }

    /// Whether a host says all that already.
    func isMet(by host: HostRecord) -> Bool {
        host.addresses == addresses && (labels.map { $0 == host.tags } ?? true)
            && facts.allSatisfy { host.kubernetes[$0.key] == $0.value }
    }
}
