import CNIProtocol
import Duties
import LinuxSystem
import Logging
import Nftables

/// The node's state for whoever asks: what the dataplane knows, and what is read besides, off its thread.
struct NodeState: Sendable {
    let inbox: DataplaneInbox
    let board: DutyBoard
    let installation: InstallationBoard
    let logger: Logger

    /// How long the dataplane thread may take before it counts as stuck.
    static let patience = Duration.seconds(3)

    /// The document of `GET /v1/node`.
    func document(_ report: NodeReport) -> [UInt8] {
        report.json(drops: drops, standings: board.standings).bytes
    }

    /// What was dropped; nil when the kernel does not tell.
    var drops: DropCounts? {
        do throws(NftError) {
            return try DropCounts.read()
        } catch {
            logger.debug("count what policies dropped: \(error)")
            return nil
        }
    }

    /// Answers a connection of the socket with a report, on no thread that anybody waits for.
    func tell(_ report: NodeReport, to connection: UInt64) {
        Task { inbox.post(.state(connection: connection, document(report))) }
    }

    /// Whether the agent itself works: what a new start would mend.
    func liveness(_ report: NodeReport?, _ settings: AgentSettings) -> [HealthCheck] {
        let isHeard = report != nil
        return [
            HealthCheck(
                "dataplane", isHeard ? .ok : .failed, isHeard ? "answers" : "has not answered for \(Self.patience)"),
            socketCheck(settings),
        ]
    }

    /// Everything that a pod's start depends on.
    func readiness(_ report: NodeReport?, _ settings: AgentSettings) -> [HealthCheck] {
        var checks = liveness(report, settings)
        guard let report else { return checks }
        checks += report.checks
        if settings.policy.isEnforced, report.problem == nil { checks.append(tableCheck) }
        if settings.installation != nil {
            let warnings = installation.warnings
            let message = warnings.isEmpty ? "plugin and configuration are in place" : warnings.joined(separator: "; ")
            checks.append(HealthCheck("installation", warnings.isEmpty ? .ok : .warning, message))
        }
        return checks
    }

    private func socketCheck(_ settings: AgentSettings) -> HealthCheck {
        FileSystem.fileExists(settings.socketPath)
            ? HealthCheck("socket", .ok, settings.socketPath)
            : HealthCheck("socket", .failed, "\(settings.socketPath) is gone, so that romana-cni finds no agent")
    }

    /// Whether the kernel has the chain that sends packets through policies, as the kernel itself says.
    private var tableCheck: HealthCheck {
        let name = "kernel"
        do throws(NftError) {
            let chains = try KernelNft(table: PolicyObjects.table).chains()
            guard let chains else { return HealthCheck(name, .failed, "table inet romana is not there") }
            guard chains.contains(PolicyObjects.toPods) else {
                return HealthCheck(name, .warning, "table inet romana sends no packets through policies yet")
            }
            let own = chains.count { name in PolicyObjects.chainPrefixes.contains { name.hasPrefix($0) } }
            return HealthCheck(name, .ok, "table inet romana sends packets through policies, \(own) chains of them")
        } catch {
            return HealthCheck(name, .warning, "\(error)")
        }
    }
}
