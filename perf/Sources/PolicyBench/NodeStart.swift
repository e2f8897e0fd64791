import Addresses
import Policies

/// All that a node's agent is told when it starts, as values.
struct NodeStart {
    var statements: [PolicyStatement]
    var pods: [(id: String, record: PodRecord)]
    var groups: [(key: String, members: [IPAddress: [PodRecord.NamedPort]])]
    var attachments: [Attachment]

    /// That of a world; without policies on demand.
    init(_ world: PolicyWorld, hasPolicies: Bool = true) {
        let indices = 0..<world.count
        statements = hasPolicies ? indices.map { PolicyStatement(world.policy($0)) } : []
        groups = hasPolicies ? indices.map { (world.group($0).key, world.memberAddresses($0)) } : []
        pods = []
        attachments = []
        for index in indices { add(world.record(index), world.attachment(index, link: UInt32(1_000 + index))) }
    }

    /// One more pod.
    mutating func add(_ record: PodRecord, _ attachment: Attachment) {
        pods.append(("\(record.namespace)/\(record.name)", record))
        attachments.append(attachment)
    }
}
