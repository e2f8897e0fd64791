import Addresses
import Policies
import Telemetry
import Topology

/// What the dataplane knows of the node's health; it says what is so, not what was hoped for.
extension Dataplane {
    /// Everything that an ADD or a pod's traffic depends on.
    var checks: [HealthCheck] {
        var checks = nameChecks + [networkCheck, blockCheck] + spareChecks
        checks += [policyCheck, routeCheck]
        checks += DataplaneChange.Remote.allCases.compactMap { remoteCheck($0) }
        return checks
    }

    /// Nothing is said of a name that is the node's own.
    private var nameChecks: [HealthCheck] { standingProblem.map { [HealthCheck("name", .failed, $0)] } ?? [] }

    private var networkCheck: HealthCheck {
        guard !networkNames.isEmpty else {
            return HealthCheck(
                "networks", .failed, "no network is known yet: \(supplyProblem ?? "etcd has not been reached")")
        }
        return HealthCheck("networks", .ok, networkNames.joined(separator: ", "))
    }

    private var blockCheck: HealthCheck {
        let statistics = blocks.statistics
        guard !statistics.isEmpty else {
            let reason = supplyProblem.map { ": \($0)" } ?? ""
            return HealthCheck("blocks", .failed, "the node owns no block of addresses yet\(reason)")
        }
        let rest = "\(statistics.used) addresses in use, \(statistics.idle) free, \(statistics.cooling) at rest"
        return HealthCheck("blocks", .ok, "\(statistics.blocks) blocks, \(rest)")
    }

    /// A node without a spare block goes on until its blocks are full.
    private var spareChecks: [HealthCheck] {
        guard !networkNames.isEmpty else { return [] }
        let wants = blocks.wants()
        guard !wants.isEmpty else { return [HealthCheck("spares", .ok, "a spare block of every network")] }
        let wanted = wants.map { "\($0.count) of network \($0.network)" }.joined(separator: ", ")
        let reason = supplyProblem.map { ": \($0)" } ?? ""
        return [HealthCheck("spares", .warning, "blocks are asked for, \(wanted)\(reason)")]
    }

    private var policyCheck: HealthCheck {
        guard settings.policy.isEnforced else { return HealthCheck("policies", .ok, "not enforced") }
        if let policyProblem { return HealthCheck("policies", .failed, policyProblem) }
        if let problem = policySources.problem {
            return HealthCheck("policies", .warning, "the kernel does not have them all: \(problem)")
        }
        if policy.policies.isWaiting {
            return HealthCheck("policies", .warning, "some wait for the members of groups that they name")
        }
        if !policySources.unsettled.isEmpty {
            let count = policySources.unsettled.count
            return HealthCheck("policies", .warning, "\(count) pods go on with those of an earlier agent for now")
        }
        return HealthCheck("policies", .ok, "\(policy.policies.statementCount) known, all of them in the kernel")
    }

    private var routeCheck: HealthCheck {
        if let auditProblem { return HealthCheck("routes", .warning, auditProblem) }
        var counts: [String: Int] = [:]
        var refusal: String?
        for route in routes.states {
            switch route.state {
            case "installed", "pending", "left to the fabric": counts[route.state, default: 0] += 1
            default:
                counts["refused", default: 0] += 1
                refusal = refusal ?? "\(route.prefix) via \(route.via): \(route.state)"
            }
        }
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        if let refusal { return HealthCheck("routes", .warning, "\(words); \(refusal)") }
        return HealthCheck("routes", .ok, words.isEmpty ? "none to other nodes" : words)
    }

    private func remoteCheck(_ remote: DataplaneChange.Remote) -> HealthCheck? {
        if remote == .kubernetes, !settings.knowsPods { return nil }
        let name = remote.rawValue
        let since = reachableSince[name].map { " since \(Timestamp.text($0))" } ?? ""
        switch reachable[name] {
        case true? where remote == .etcd && !isInSync:
            return HealthCheck(name, .warning, "answers, but has not told everything yet")
        case true?: return HealthCheck(name, .ok, "answers\(since)")
        case false?:
            return HealthCheck(name, .warning, "out of reach\(since); pods go on with what is known")
        case nil where remote == .daemon: return HealthCheck(name, .ok, "nothing was asked of one yet")
        case nil: return HealthCheck(name, .warning, "has not been reached yet")
        }
    }
}
