import Addresses
import Etcd
import FoundationEssentials
import Logging
import Policies

/// Follows what etcd says of policies, and of the groups that the node's own pods' policies name.
///
/// What does not decode is logged and left out, so that one bad record never stops the rest. A policy that does not
/// decode any more stays as it was: it must not open what it has closed.
struct PolicySource: Sendable {
    let settings: AgentSettings
    let etcd: EtcdClient
    let inbox: DataplaneInbox
    let memory: MemoryRelease
    let logger: Logger

    /// Follows until the task is cancelled; `groups` tells whose members are wanted.
    func run(_ groups: AsyncStream<Set<String>>) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await followPolicies() }
            group.addTask { await followGroups(groups) }
        }
    }

    private func followPolicies() async {
        let prefix = settings.policiesPrefix
        for await event in etcd.mirror(prefix: prefix) {
            switch event {
            case .snapshot(let keyValues, _):
                inbox.post(.statements(keyValues.compactMap { statement($0) }))
                memory.release()
            case .changes(let changes, _):
                for change in changes {
                    switch change {
                    case .put(let keyValue):
                        if let statement = statement(keyValue) { inbox.post(.statement(statement.id, statement)) }
                    case .delete(let key, _):
                        inbox.post(.statement(String(key.dropFirst(prefix.count)), nil))
                    }
                }
            }
        }
    }

    /// What a policy says, under the name that its key gives it.
    private func statement(_ keyValue: EtcdKeyValue) -> PolicyStatement? {
        guard let policy: StoredPolicy = decode(keyValue) else { return nil }
        var statement = policy.statement
        statement.id = String(keyValue.key.dropFirst(settings.policiesPrefix.count))
        return statement
    }

    /// One mirror a group; they come and go with what is wanted.
    private func followGroups(_ wanted: AsyncStream<Set<String>>) async {
        var mirrors: [String: Task<Void, Never>] = [:]
        for await keys in wanted {
            for key in Array(mirrors.keys) where !keys.contains(key) {
                mirrors.removeValue(forKey: key)?.cancel()
                inbox.post(.group(key, nil))
            }
            for key in keys where mirrors[key] == nil {
                mirrors[key] = Task { await follow(key) }
            }
        }
        for mirror in mirrors.values { mirror.cancel() }
    }

    /// The key of a group says that all its members are there; theirs lie behind it.
    private func follow(_ key: String) async {
        let place = "\(settings.groupsPrefix)\(key)"
        var isKept = false
        var members: [GroupMember] = []
        for await event in etcd.mirror(prefix: place) {
            if Task.isCancelled { return }
            switch event {
            case .snapshot(let keyValues, _):
                for keyValue in keyValues {
                    if keyValue.key == place {
                        isKept = true
                    } else if let member: GroupMember = decode(keyValue) {
                        members.append(member)
                    }
                }
                if isKept {
                    inbox.post(.group(key, members))
                } else {
                    inbox.post(.members(key, members.map { ($0.address, $0) }))
                }
                members = []
                memory.release()
            case .changes(let changes, _):
                take(changes, key, place)
            }
        }
    }

    private func take(_ changes: [EtcdChange], _ key: String, _ place: String) {
        var moved: [(address: IPAddress, member: GroupMember?)] = []
        var isKept: Bool?
        for change in changes {
            if change.key == place {
                if case .put = change { isKept = true } else { isKept = false }
                continue
            }
            guard let address = IPAddress(String(change.key.dropFirst(place.count + 1))) else { continue }
            switch change {
            case .put(let keyValue):
                if let member: GroupMember = decode(keyValue) { moved.append((address, member)) }
            case .delete:
                moved.append((address, nil))
            }
        }
        if !moved.isEmpty { inbox.post(.members(key, moved)) }
        if let isKept { inbox.post(.groupKept(key, isKept)) }
    }

    private func decode<Record: Decodable>(_ keyValue: EtcdKeyValue) -> Record? {
        do {
            return try JSONDecoder().decode(Record.self, from: Data(keyValue.value))
        } catch {
            logger.error("read \(keyValue.key) of revision \(keyValue.modRevision): \(error)")
            return nil
        }
    }
}
