public import Addresses

/// What policies come to for the pods of one node: from statements, pods and groups to changes of chains and sets.
///
/// It is incremental: every change costs in proportion to what it touches, and the result is the same as if all of it had
/// been given at once, in any order (`NodePoliciesPropertyTests`). It decides nothing about packets; ``allows(from:to:_:)``
/// answers from the same chains that the kernel gets.
public struct NodePolicies: Sendable {
    /// A class, since a statement has many parts and is looked at for every pod of its namespace.
    final class Known: Sendable {
        let statement: PolicyStatement
        let revision: UInt64

        init(_ statement: PolicyStatement, revision: UInt64) {
            self.statement = statement
            self.revision = revision
        }
    }

    struct Compiled: Sendable {
        /// Nil when the policies leave the direction open.
        var profile: Profile?
        var users = 0
    }

    struct Group: Sendable {
        var members = GroupMembers()
        /// Whether all of its members are known.
        var isReady = false
    }

    /// The families of its pods, so far.
    private(set) var families: [AddressFamily]
    var statements: [String: Known] = [:]
    var subjects = SubjectIndex()
    var pods: [String: NodePod] = [:]
    /// Names of pods by namespace.
    var podsByNamespace: [String: Set<String>] = [:]
    var groups: [String: Group] = [:]
    var profiles: [ProfileKey: Compiled] = [:]
    var numbering = SetNumbers()
    /// Profiles that use a number, a group's numbers, and chains and sets of ranges, counted.
    var numberUsers: [UInt32: Int] = [:]
    var numbersOfGroup: [String: Set<UInt32>] = [:]
    var groupUsers: [String: Int] = [:]
    var chains: [String: (chain: PolicyChain, users: Int)] = [:]
    var ranges: [String: (set: RangeSet, users: Int)] = [:]
    /// Pods whose wanted profiles wait for a group.
    var pending: Set<String> = []
    var change = ProgramChange()
    /// Elements of sets that come (true) or go since ``takeChange()``.
    var memberChanges: [ProgramChange.Member: Bool] = [:]
    var portChanges: [ProgramChange.Port: Bool] = [:]
    private var revision: UInt64 = 0

    /// No policy and no pod, of a node whose pods have addresses of `families`, as far as that is known.
    public init(families: [AddressFamily] = AddressFamily.allCases) {
        self.families = families
    }

    /// Pods may have addresses of these families too: chains that were made without them are made anew.
    public mutating func widen(_ more: some Sequence<AddressFamily>) {
        let missing = more.filter { !families.contains($0) }
        guard !missing.isEmpty else { return }
        let old = families
        families = AddressFamily.allCases.filter { missing.contains($0) || old.contains($0) }
        for (number, users) in numberUsers where users > 0 {
            guard let meaning = numbering[number] else { continue }
            for (address, ports) in groups[meaning.group]?.members ?? GroupMembers()
            where missing.contains(address.family) {
                add(number, meaning, address, ports)
            }
        }
        for id in Array(pods.keys) { evaluate(id) }
    }

    /// Keys of the groups whose members are asked for.
    public var wantedGroups: Set<String> { Set(groupUsers.keys) }

    /// Whether some pod waits for the members of a group before its new policy is applied.
    public var isWaiting: Bool { !pending.isEmpty }

    /// A statement came, changed or (nil) went.
    public mutating func setStatement(_ id: String, _ statement: PolicyStatement?) {
        let old = statements[id]?.statement
        guard old != statement else { return }
        if let old { subjects.remove(id, old) }
        if let statement {
            subjects.insert(id, statement)
            revision += 1
            statements[id] = Known(statement, revision: revision)
        } else {
            statements[id] = nil
        }
        for namespace in Set(((old?.subjects ?? []) + (statement?.subjects ?? [])).map(\.namespace)) {
            for pod in podsByNamespace[namespace] ?? [] where isConcerned(pod, old) || isConcerned(pod, statement) {
                evaluate(pod)
            }
        }
    }

    /// A pod of the node came, changed or (nil) went; one that is still attached stays as it was until it is detached.
    public mutating func setPod(_ id: String, _ record: PodRecord?) {
        guard let record else {
            if pods[id]?.attachments.isEmpty == true { forget(id) } else { pods[id]?.isGone = true }
            return
        }
        pods[id]?.isGone = false
        if pods[id]?.record == record { return }
        if let old = pods[id]?.record.namespace, old != record.namespace { podsByNamespace[old]?.remove(id) }
        pods[id, default: NodePod(record: record)].record = record
        podsByNamespace[record.namespace, default: []].insert(id)
        evaluate(id)
    }

    /// What is known of a pod.
    public func pod(_ id: String) -> PodRecord? { pods[id]?.record }

    /// A known pod got addresses: its entries come, with the policies that select it.
    public mutating func attach(_ attachment: String, of id: String, _ addresses: [IPAddress]) {
        guard pods[id] != nil else { return }
        detach(attachment, of: id)
        widen(addresses.lazy.map(\.family))
        pods[id]?.attachments[attachment] = addresses
        apply(id)
        for address in addresses { setEntries(id, address) }
    }

    /// A pod's attachment is gone, and with it its entries.
    public mutating func detach(_ attachment: String, of id: String) {
        guard let addresses = pods[id]?.attachments.removeValue(forKey: attachment) else { return }
        for address in addresses {
            for direction in NetworkPolicy.Direction.allCases {
                change.entries[ProgramChange.Entry(direction: direction, address: address)] = .some(nil)
            }
        }
        if pods[id]?.isGone == true, pods[id]?.attachments.isEmpty == true { forget(id) }
    }

    /// Whether every group that the pod's policies name is known, or would only take something away from it.
    public func isReady(_ id: String) -> Bool {
        guard let pod = pods[id] else { return false }
        return pod.wanted.values.allSatisfy { profiles[$0]?.profile?.groups.allSatisfy(isKnown) ?? true }
    }

    /// Whether the pod's policies can be applied without letting through what one of them denies.
    public func isSafe(_ id: String) -> Bool {
        guard let pod = pods[id] else { return false }
        return pod.wanted.values.allSatisfy { profiles[$0]?.profile?.denialGroups.allSatisfy(isKnown) ?? true }
    }

    /// Applies what waits although a group is not known, where that takes away at most: nobody is allowed by it then.
    public mutating func settle() {
        for id in pending where isSafe(id) { apply(id) }
    }

    /// What has to change since this was asked last.
    public mutating func takeChange() -> ProgramChange {
        var taken = change
        for (member, isNew) in memberChanges {
            if isNew { taken.addedMembers.append(member) } else { taken.removedMembers.append(member) }
        }
        for (port, isNew) in portChanges {
            if isNew { taken.addedPorts.append(port) } else { taken.removedPorts.append(port) }
        }
        change = ProgramChange()
        memberChanges = [:]
        portChanges = [:]
        return taken
    }

    private func isKnown(_ key: String) -> Bool { groups[key]?.isReady ?? false }

    private func isConcerned(_ id: String, _ statement: PolicyStatement?) -> Bool {
        guard let record = pods[id]?.record, let statement else { return false }
        return statement.selects(record)
    }

    private mutating func forget(_ id: String) {
        guard let pod = pods.removeValue(forKey: id) else { return }
        podsByNamespace[pod.record.namespace]?.remove(id)
        if podsByNamespace[pod.record.namespace]?.isEmpty == true { podsByNamespace[pod.record.namespace] = nil }
        pending.remove(id)
        for key in pod.applied.values { release(key) }
        for key in pod.wanted.values { release(key) }
    }

    /// Finds the profiles that the pod should have, and applies them once their groups are known.
    private mutating func evaluate(_ id: String) {
        guard let pod = pods[id] else { return }
        let record = pod.record
        var selecting: [(String, Known)] = []
        for id in subjects.candidates(for: record) {
            guard let known = statements[id], known.statement.selects(record) else { continue }
            selecting.append((id, known))
        }
        selecting.sort { $0.0 < $1.0 }
        for direction in NetworkPolicy.Direction.allCases {
            let relevant = selecting.filter { $0.1.statement.speaks(of: direction) }
            let names = direction == .ingress ? Set(relevant.flatMap { $0.1.statement.ingressPortNames }) : []
            let key = ProfileKey(
                direction: direction, families: families,
                sources: relevant.map { ProfileKey.Source(id: $0.0, revision: $0.1.revision) },
                ports: record.ports.filter { names.contains($0.name) })
            let old = pods[id]?.wanted[direction]
            guard old != key else { continue }
            retain(key, relevant.map(\.1.statement))
            pods[id]?.wanted[direction] = key
            if let old { release(old) }
        }
        if pod.attachments.isEmpty || isReady(id) {
            apply(id)
        } else {
            pending.insert(id)
        }
    }

    /// Makes the wanted profiles those that the pod has.
    mutating func apply(_ id: String) {
        pending.remove(id)
        guard let pod = pods[id], pod.applied != pod.wanted else { return }
        for direction in NetworkPolicy.Direction.allCases where pod.applied[direction] != pod.wanted[direction] {
            let old = pod.applied[direction]
            if let key = pod.wanted[direction] { retain(key, []) }
            pods[id]?.applied[direction] = pod.wanted[direction]
            if target(old) != target(pod.wanted[direction]) {
                for address in pod.addresses {
                    setEntry(direction, address, target(pod.wanted[direction]))
                    change.narrowed.insert(address)
                }
            }
            if let old { release(old) }
        }
    }

    private mutating func setEntries(_ id: String, _ address: IPAddress) {
        for direction in NetworkPolicy.Direction.allCases {
            setEntry(direction, address, target(pods[id]?.applied[direction]))
        }
    }

    private mutating func setEntry(
        _ direction: NetworkPolicy.Direction, _ address: IPAddress, _ target: ProgramChange.Target
    ) {
        change.entries[ProgramChange.Entry(direction: direction, address: address)] = .some(target)
    }

    /// Where traffic of a profile goes.
    func target(_ key: ProfileKey?) -> ProgramChange.Target {
        guard let key, let profile = profiles[key]?.profile else { return .open }
        return .chain(profile.chain.name)
    }
}

extension PolicyStatement {
    /// Whether it is about a pod.
    func selects(_ record: PodRecord) -> Bool {
        subjects.contains { $0.namespace == record.namespace && $0.pods.matches(record.labels) }
    }

    /// Whether it says anything of a direction.
    func speaks(of direction: NetworkPolicy.Direction) -> Bool {
        direction == .ingress ? ingress != nil : egress != nil || !egressDenials.isEmpty
    }

    /// Names of ports that it uses on the way in: those of its subjects.
    var ingressPortNames: Set<String> {
        var names: Set<String> = []
        for clause in ingress ?? [] {
            for case .named(_, let name) in clause.traffic ?? [] { names.insert(name) }
        }
        return names
    }
}
