import Addresses

/// The names of the daemon's keys under one prefix.
struct ClusterKeys: Sendable, Hashable {
    /// The prefix, with a leading slash and none at the end.
    let prefix: String

    /// Takes a prefix as a user writes it: slashes are added in front, doubled ones and those at the end dropped.
    init(prefix: String) {
        self.prefix = prefix.split(separator: "/").map { "/" + $0 }.joined()
    }

    /// The topology document and its revision.
    var topology: String { prefix + "/topology" }
    /// Every host.
    var hosts: String { prefix + "/hosts/" }
    /// Every block of both families.
    var blocks: String { prefix + "/blocks/" }
    /// Every host's list of grants.
    var grants: String { prefix + "/grants/" }
    /// Every policy.
    var policies: String { prefix + "/policies/" }
    /// Every address that was given out by the API.
    var addresses: String { prefix + "/addresses/" }
    /// What whoever keeps routes in a VPC tells of them.
    var vpc: String { prefix + "/routes/vpc/" }
    /// Every serving daemon.
    var daemons: String { prefix + "/daemons/" }

    /// The record of the host called `name`.
    func host(_ name: String) -> String { hosts + name }
    /// The latest grants made to the host called `name`.
    func grants(of name: String) -> String { grants + name }
    /// The policy called `id`.
    func policy(_ id: String) -> String { policies + id }
    /// The address that was given out under `name`.
    func address(_ name: String) -> String { addresses + name }
    /// The record of a block.
    func block(_ cidr: IPPrefix) -> String { blocks + cidr.family.rawValue + "/" + cidr.description }
    /// The liveness of the agent on the host called `name`.
    func alive(_ name: String) -> String { prefix + "/alive/" + name }
    /// The entry of the daemon that serves at `address`.
    func daemon(_ address: String) -> String { daemons + address }

    /// The block that a key under `blocks` names, nil when the key is none of ours.
    func block(inKey key: String) -> IPPrefix? {
        guard key.hasPrefix(blocks) else { return nil }
        let parts = key.dropFirst(blocks.count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let cidr = IPPrefix(String(parts[1])) else { return nil }
        return cidr.family.rawValue == parts[0] ? cidr : nil
    }
}
