import Addresses
import Topology

/// The value of the topology key: the document itself with its revision beside `networks` and `topologies`.
struct StoredTopology: Sendable, Equatable {
    /// Counts the documents, from 1.
    var revision: Int64
    /// The document as it was posted.
    var document: TopologyDocument
    /// What is said of its blackouts.
    var notes: [BlackoutNote] = []

    /// The error of what needs a topology while there is none.
    static func none(_ doing: String) -> DaemonError {
        DaemonError(.unavailable, "\(doing): there is no topology yet", type: "topology")
    }

    /// The group that a host gets blocks of a network from.
    ///
    /// Throws 422 for an unknown network, 409 when the host takes no part in it, 503 when the group it was in is gone
    /// and it is not yet placed anew.
    func group(of host: HostRecord, in name: String) throws(DaemonError) -> HostGroup {
        let doing = "grant a block of network \(name) to host \(host.name)"
        guard document.network(name) != nil else {
            throw DaemonError(.unusable, "\(doing): no such network", type: "network", id: name)
        }
        guard let group = host.groups[name] else {
            throw DaemonError(.conflict, "\(doing): the host is in no group of it", type: "network", id: name)
        }
        guard document.tree(of: name)?.leaf(group.path)?.place == group else {
            throw DaemonError(
                .unavailable, "\(doing): its group \(group.path) (\(group.cidr)) is gone and it is not placed anew yet",
                type: "group", id: group.path)
        }
        return group
    }
}

extension StoredTopology: Codable {
    private enum CodingKeys: String, CodingKey {
        case revision
        case notes = "blackout_notes"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        revision = try container.decodeIfPresent(Int64.self, forKey: .revision) ?? 1
        notes = try container.decodeIfPresent([BlackoutNote].self, forKey: .notes) ?? []
        document = try TopologyDocument(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(revision, forKey: .revision)
        if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    }
}
