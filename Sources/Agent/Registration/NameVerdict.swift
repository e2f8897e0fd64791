import Addresses
import Topology

/// Whose the node's name is, by what etcd says: nobody may serve pods under the name, and with the blocks, of another.
enum NameVerdict: Sendable, Hashable {
    /// Not everything is known yet.
    case unknown
    /// This machine was alive under the name before it was started anew; what it said then is about to expire.
    case waiting
    /// Nobody's yet.
    case free
    /// This node's.
    case own
    /// Another's; who, as a sentence.
    case taken(String)

    /// What the verdict rests on.
    struct Evidence: Sendable {
        /// The name.
        var node: String
        /// The node itself.
        var identity: NodeIdentity
        /// Its addresses, and those that it was registered with in this life of the agent.
        var addresses: [IPAddress]
        /// The host of the name; nil when there is none.
        var host: HostRecord?
        /// Who is alive under the name; nil when nobody is.
        var alive: AliveRecord?
    }

    /// Judges by evidence that is complete.
    init(_ evidence: Evidence) {
        let identity = evidence.identity
        if let alive = evidence.alive, !alive.isOwn(identity, evidence.addresses) {
            let place = alive.addresses.isEmpty ? "" : " with \(alive.addresses.joined(separator: ", "))"
            if let machine = alive.machine, !machine.isEmpty, machine == identity.machine {
                self = .waiting
            } else {
                self = .taken(
                    "another machine\(place) is alive under the name \(evidence.node): one of them needs another "
                        + "(--hostname)")
            }
            return
        }
        guard let host = evidence.host else {
            self = .free
            return
        }
        let machine = host.kubernetes[HostRegistration.machineName] ?? ""
        if let first = host.addresses.first, evidence.addresses.contains(first) {
            self = .own
        } else if !machine.isEmpty, machine == identity.machine {
            self = .own
        } else if evidence.addresses.isEmpty {
            self = .unknown
        } else {
            self = .taken(
                "host \(evidence.node) belongs to another machine, with \(host.ip): this one needs another name "
                    + "(--hostname), or that host is to be removed (romana host remove \(evidence.node))")
        }
    }
}
