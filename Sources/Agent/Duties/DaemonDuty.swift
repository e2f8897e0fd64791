import Addresses
import Daemon
import Duties
import Etcd
import Logging

/// Serves what romana-daemon serves, in the agent's own process.
///
/// Any number of daemons may serve at once, since each of their writes is a transaction on what it has read; the
/// election only keeps their number small. So one that is not elected any more may end in its own time.
struct DaemonDuty: Duty {
    static let dutyName = "daemon"

    /// What the daemon is started with.
    struct Source: Sendable {
        private let make: @Sendable () throws -> DaemonConfiguration

        /// The options, looked at now as far as they name no file; files are read whenever the duty begins, so that
        /// one which cannot be read keeps no node from its work.
        init(
            _ options: DaemonOptions, etcd: EtcdConfiguration, prefix: String, addresses: [IPAddress],
            serviceRange: String, region: String?, isDebug: Bool
        ) throws {
            make = {
                try options.configuration(
                    etcd: etcd, prefix: prefix, addresses: addresses, serviceRange: serviceRange, region: region,
                    isDebug: isDebug)
            }
            if !options.namesFile { _ = try make() }
        }

        func configuration() throws -> DaemonConfiguration { try make() }
    }

    let name = DaemonDuty.dutyName
    /// Ports and files may be in order elsewhere.
    let givesWay = true
    let source: Source
    let logger: Logger

    func run(_ elected: ElectionGuard) async {
        do {
            try await DaemonServer(source.configuration(), logger: logger).run()
        } catch {
            if !Task.isCancelled { logger.error("daemon: \(error)") }
        }
    }
}
