import Addresses
import Etcd
import FoundationEssentials
import Policies

/// What etcd says of policies and groups before a listener changes anything.
struct StoredContent: Sendable {
    /// What can be read of it.
    var content = Memberships.Content()
    /// Keys that no listener writes, or whose values no listener can read; they go, unless they are written anew.
    var strays: [String] = []

    /// Reads everything.
    static func read(_ etcd: EtcdClient, _ keys: PolicyKeys) async throws(EtcdError) -> StoredContent {
        var stored = StoredContent()
        for keyValue in try await etcd.list(prefix: keys.policies).keyValues {
            stored.take(policy: String(keyValue.key.dropFirst(keys.policies.count)), keyValue)
        }
        for keyValue in try await etcd.list(prefix: keys.groups).keyValues {
            let parts = keyValue.key.dropFirst(keys.groups.count)
                .split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            stored.take(group: parts[0], address: parts.count > 1 ? parts[1] : nil, keyValue)
        }
        return stored
    }

    /// Those of Romana's own are none of a listener's business.
    private mutating func take(policy id: String, _ keyValue: EtcdKeyValue) {
        guard id.hasPrefix(NetworkPolicy.idPrefix) else { return }
        if case .kubernetes(let policy)? = Self.decode(StoredPolicy.self, keyValue), policy.id == id {
            content.policies[id] = policy
        } else {
            strays.append(keyValue.key)
        }
    }

    private mutating func take(group key: String, address text: String?, _ keyValue: EtcdKeyValue) {
        guard let text else {
            if let group = Self.decode(PodGroup.self, keyValue), group.key == key {
                content.groups[key] = group
            } else {
                strays.append(keyValue.key)
            }
            return
        }
        guard let address = IPAddress(text), address.description == text else {
            strays.append(keyValue.key)
            return
        }
        // One that cannot be read is somebody that nobody is, and so is written anew or deleted.
        let member = Self.decode(GroupMember.self, keyValue)
        content.members[key, default: [:]][address] = member ?? GroupMember(address: address, pod: "")
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ keyValue: EtcdKeyValue) -> Value? {
        try? JSONDecoder().decode(type, from: Data(keyValue.value))
    }
}
