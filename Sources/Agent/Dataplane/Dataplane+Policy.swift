import Addresses
import CNIProtocol
import LinuxSystem
import Logging
import Netlink
import Nftables
import Policies

/// How policies reach pods: before they open, with every change, and after a restart.
extension Dataplane {
    /// How long a new policy waits for the members of its groups before it is applied with those that are known.
    private static let groupPatience: UInt64 = 1_000_000_000
    /// How long pods that an earlier agent attached go on with its policies when they cannot be settled.
    private static let settlePatience: UInt64 = 5_000_000_000

    /// Why no pod can be policed, and so none be added; nil when they can.
    var policyProblem: String? {
        guard settings.policy.isEnforced else { return nil }
        if !policySources.hasStatements { return "the policies are not known yet: etcd has not been reached" }
        if settings.knowsPods, !policySources.hasPods {
            return "the pods of the node are not known yet: the API server has not been reached"
        }
        return nil
    }

    /// The pod that an ADD is for; nil when what its policies depend on is not known yet but may be soon.
    func policyPod(_ request: CNIRequest, now: UInt64) throws(CNIError) -> PodRecord? {
        let arguments = request.environment.args
        let namespace = arguments.podNamespace ?? ""
        let name = arguments.podName ?? ""
        let id = name.isEmpty ? request.key.description : "\(namespace)/\(name)"
        var missing: String?
        if settings.policy.isEnforced, !policySources.hasStatements {
            missing = "its policies are not known yet: etcd has not been reached"
        } else if settings.policy.isEnforced, settings.knowsPods, !name.isEmpty {
            let known = policy.policies.pod(id)
            if known == nil || !isSame(known?.uid, arguments.podUID) {
                missing = "its labels are not known yet: the API server has not told of it"
            } else if !policy.policies.isReady(id) {
                missing = "members of a group that its policies name are not known yet"
                // Without them it is allowed less, never more, unless a denial is among the policies.
                if now >= request.received + settings.patience, policy.policies.isSafe(id) { missing = nil }
            }
        } else {
            policy.policies.setPod(id, PodRecord(namespace: namespace, name: name, uid: arguments.podUID ?? ""))
        }
        guard let missing else { return policy.policies.pod(id) }
        if now < request.received + settings.patience { return nil }
        needs.tell(
            NodeNotice(
                subject: .pod(namespace: namespace, name: name, uid: arguments.podUID ?? ""), reason: .policyUnknown,
                message: "Node \(settings.node) does not open the pod: \(missing)"))
        throw CNIError(.tryAgainLater, "pod \(id): \(missing)", details: policySources.problem ?? "")
    }

    private func isSame(_ known: String?, _ asked: String?) -> Bool {
        guard let known, let asked, !known.isEmpty, !asked.isEmpty else { return true }
        return known == asked
    }

    /// Commits the policies of pods whose routes are opened next; the refusal if there was one.
    func admit(_ additions: [Attachment]) -> NftError? {
        guard !additions.isEmpty else { return nil }
        do {
            if !policy.isDispatching { try policy.startDispatching() }
            try policy.admit(additions)
            return nil
        } catch {
            return error
        }
    }

    /// Takes pods out of policy; what the kernel refuses now is mended by a comparison.
    func dismiss(_ leaving: [Attachment]) {
        for attachment in leaving { policySources.unsettled[attachment.key] = nil }
        do {
            try policy.dismiss(leaving)
        } catch {
            logger.error("\(error)")
        }
        for attachment in leaving where !settings.knowsPods { policy.policies.setPod(attachment.policyPod, nil) }
        // Whoever gets the address next must not get its connections.
        forget(Set(leaving.flatMap { $0.addresses.map(\.address) }), nil)
    }

    /// Takes in what the sources of policy say; the kernel is touched by ``programPolicies(now:)``.
    func takePolicy(_ change: DataplaneChange, now: UInt64) {
        policySources.hasNews = true
        switch change {
        case .clusterPrefixes(let prefixes):
            clusterPrefixes = prefixes
            surroundPolicy()
        case .statements(let statements):
            for statement in statements { policy.policies.setStatement(statement.id, statement) }
            policySources.hasStatements = true
        case .statement(let id, let statement):
            policy.policies.setStatement(id, statement)
        case .pods(let records):
            for record in records { policy.policies.setPod("\(record.namespace)/\(record.name)", record) }
            policySources.hasPods = true
        case .pod(let id, let record):
            policy.policies.setPod(id, record)
        case .group(let key, let members):
            guard let members else {
                policy.policies.dropGroup(key)
                return
            }
            policy.policies.setGroup(
                key, Dictionary(members.map { ($0.address, $0.ports) }, uniquingKeysWith: { $1 }))
        case .groupKept(let key, let isKept):
            policy.policies.setReady(key, isKept)
        case .members(let key, let changes):
            for (address, member) in changes { policy.policies.setMember(key, address, member?.ports) }
        default:
            break
        }
    }

    /// Brings what has changed to the kernel, in one transaction.
    func programPolicies(now: UInt64) {
        guard policySources.hasNews else { return }
        policySources.hasNews = false
        settleRecovered(now: now)
        do {
            let narrowed = try policy.commit()
            if policyProblem == nil { try policy.startDispatching() }
            if !narrowed.isEmpty, !settings.policy.keepsConnections { forget(narrowed, policy.policies) }
            policySources.problem = nil
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
        }
        policySources.waitingSince = policy.policies.isWaiting ? policySources.waitingSince ?? now : nil
    }

    /// Reads what an earlier agent left in the kernel, so that pods go on under its policies until these are known again.
    func recoverPolicy() {
        do {
            try policy.recover(Array(attachments.values))
            for key in attachments.keys { policySources.unsettled[key] = 0 }
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
            policy.isInDoubt = true
        }
    }

    /// Tells the table which link leads out and what is inside.
    func surroundPolicy() {
        do {
            try policy.setSurroundings(link: uplink?.name, networks: clusterPrefixes)
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
        }
    }

    /// Gives pods that an earlier agent attached the policies of now, once all that they depend on is known.
    private func settleRecovered(now: UInt64) {
        guard !policySources.unsettled.isEmpty || policy.leftovers != nil, policyProblem == nil else { return }
        for (key, since) in policySources.unsettled {
            guard let attachment = attachments[key] else {
                policySources.unsettled[key] = nil
                continue
            }
            if !settings.knowsPods || !settings.policy.isEnforced || attachment.pod.isEmpty {
                policy.policies.setPod(
                    attachment.policyPod, PodRecord(namespace: attachment.namespace, name: attachment.pod))
            }
            // A pod that the API server does not know any more goes on as it is until its DEL.
            guard policy.policies.pod(attachment.policyPod) != nil else { continue }
            if since == 0 { policySources.unsettled[key] = now }
            let isLate = since != 0 && now > since + Self.settlePatience && policy.policies.isSafe(attachment.policyPod)
            guard policy.policies.isReady(attachment.policyPod) || isLate else { continue }
            policySources.unsettled[key] = nil
            policy.policies.attach(key.description, of: attachment.policyPod, attachment.addresses.map(\.address))
        }
        let isWaiting = policySources.unsettled.keys.contains { key in
            attachments[key].map { policy.policies.pod($0.policyPod) != nil } ?? false
        }
        guard !isWaiting, policy.leftovers != nil else { return }
        do {
            try policy.commit()
            try policy.sweep()
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
            policy.isInDoubt = true
        }
    }

    /// What is due from time to time: policies that wait too long, a table that somebody else changed.
    func keepUpPolicy(now: UInt64) {
        do {
            try policy.lookForChanges()
            if policy.isInDoubt {
                try policy.rebuild()
                logger.warning("policy: table inet romana was written anew after it was found changed")
                policySources.problem = nil
            }
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
        }
        if let since = policySources.waitingSince, now > since + Self.groupPatience {
            policy.policies.settle()
            policySources.hasNews = true
        }
        if !policySources.unsettled.isEmpty { policySources.hasNews = true }
        programPolicies(now: now)
        do {
            try policy.countElements(now: now)
        } catch {
            logger.error("policy: \(error)")
            policySources.problem = "\(error)"
        }
    }
}
