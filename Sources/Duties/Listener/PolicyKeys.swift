import Addresses

/// Where etcd keeps policies and groups.
struct PolicyKeys: Sendable {
    /// What keys of policies begin with: PREFIX/policies/.
    let policies: String
    /// What keys of groups begin with: PREFIX/groups/.
    let groups: String

    init(prefix: String) {
        policies = "\(prefix)/policies/"
        groups = "\(prefix)/groups/"
    }

    func policy(_ id: String) -> String { policies + id }

    func group(_ key: String) -> String { groups + key }

    func member(_ address: IPAddress, of key: String) -> String { "\(groups)\(key)/\(address)" }
}
