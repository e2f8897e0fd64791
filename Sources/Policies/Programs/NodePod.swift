import Addresses

/// A pod of the node: what it is, where it is attached, and the profiles that it has and should have.
struct NodePod: Sendable {
    /// What is known of it.
    var record: PodRecord
    /// Whether it is gone but for attachments that still stand.
    var isGone = false
    /// Its addresses, by attachment: a sandbox that is made anew overlaps with the old one for a moment.
    var attachments: [String: [IPAddress]] = [:]
    /// The profile that each direction has, as of the last settlement; a direction without one is open.
    var applied: [NetworkPolicy.Direction: ProfileKey] = [:]
    /// The profile that each direction should have.
    var wanted: [NetworkPolicy.Direction: ProfileKey] = [:]

    /// Addresses of all its attachments.
    var addresses: [IPAddress] { attachments.values.flatMap(\.self) }
}

/// What a profile is made of: the same key makes the same profile.
struct ProfileKey: Hashable, Sendable {
    /// A statement, by its name and how often it has been given.
    struct Source: Hashable, Sendable {
        var id: String
        var revision: UInt64
    }

    var direction: NetworkPolicy.Direction
    /// What the node's pods have addresses of.
    var families: [AddressFamily]
    var sources: [Source]
    /// The pod's own named ports, as far as the direction asks for them.
    var ports: [PodRecord.NamedPort]
}
