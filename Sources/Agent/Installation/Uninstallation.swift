import Addresses
import LinuxSystem
import Logging
import Netlink
import Nftables

/// Takes everything off the node that agents have put there, and nothing else.
///
/// What is the agent's is known by its marks in the kernel (see ``Ownership``), by the names of its files, and by what it
/// remembered of the node as it was; so it works whatever the agent was told, and a second time.
struct Uninstallation {
    private let settings: InstallationSettings
    private let withPods: Bool
    private let logger: Logger
    private var isWhole = true

    /// - Parameter withPods: whether links of running pods go as well.
    init(_ settings: InstallationSettings, withPods: Bool, logger: Logger) {
        self.settings = settings
        self.withPods = withPods
        self.logger = logger
    }

    /// Takes everything away; false when something is still there.
    mutating func run() -> Bool {
        guard (try? UnixSocket.connect(settings.agentSocket)) == nil else {
            logger.error("uninstall: the agent of \(settings.agentSocket) still runs; end it first")
            return false
        }
        do throws(NetlinkError) {
            let kernel = try KernelNetwork()
            let links = try podLinks(kernel)
            let running = links.filter { $0.group == Ownership.podGroup && $0.name == $0.alias?.key.vethName }
            guard withPods || running.isEmpty else {
                logger.error(
                    "uninstall: \(running.count) pods still run, the first is \(running[0].alias?.text ?? ""); drain the node, or --with-pods"
                )
                return false
            }
            remove(settings.configurationPath)
            try removeLinks(links, kernel)
            removeTable()
            try removeRoutes(kernel)
        } catch {
            fail("\(error)")
        }
        restoreSettings()
        remove(settings.pluginPath)
        removeFiles()
        return isWhole
    }

    private struct PodLink {
        var index: UInt32
        var name: String
        var group: UInt32
        var alias: LinkAlias?
    }

    /// Links with our name and either our alias or the mark of those that go.
    private func podLinks(_ kernel: KernelNetwork) throws(NetlinkError) -> [PodLink] {
        // ip -details link show
        try kernel.links(matching: LinkFilter(namePrefix: Ownership.linkPrefix)).compactMap { link in
            let alias = link.alias.flatMap { LinkAlias($0) }
            let isOurs = alias.map { [$0.key.vethName, $0.key.ifbName].contains(link.name) } ?? false
            guard isOurs || link.group == Ownership.reapGroup else { return nil }
            return PodLink(index: link.index, name: link.name, group: link.group, alias: alias)
        }
    }

    private mutating func removeLinks(_ links: [PodLink], _ kernel: KernelNetwork) throws(NetlinkError) {
        // ip link delete romX
        let outcome = try kernel.apply(links.map { .deleteLink(index: $0.index) })
        for (link, refusal) in zip(links, outcome) {
            if let refusal, refusal.errno != .ENODEV {
                fail("\(refusal)")
            } else {
                logger.info("removed link \(link.name)")
            }
        }
    }

    /// Routes of our protocol in any table, and the rules that lead to them.
    private mutating func removeRoutes(_ kernel: KernelNetwork) throws(NetlinkError) {
        for family in AddressFamily.allCases {
            let mark = Ownership.routeProtocol
            let routes: [Route]
            let rules: [RoutingRule]
            do {
                rules = try kernel.rules(family: family).filter { $0.routeProtocol == mark }
                routes = try kernel.routes(table: nil, routeProtocol: mark, family: family)
                    .filter { $0.routeProtocol == mark }
            } catch {
                // A kernel without IPv6 has none of it.
                guard family == .ipv6 else { throw error }
                continue
            }
            // ip rule delete priority 32700 lookup 10 protocol 71; ip route delete 10.1.2.0/29 table 10 proto 71
            let operations = rules.map { NetworkOperation.deleteRule($0) } + routes.map { .deleteRoute($0) }
            for case let refusal? in try kernel.apply(operations)
            where refusal.errno != .ESRCH && refusal.errno != .ENOENT {
                fail("\(refusal)")
            }
            if !operations.isEmpty {
                logger.info("removed \(routes.count) routes and \(rules.count) rules of \(family.rawValue)")
            }
        }
    }

    private mutating func removeTable() {
        do throws(NftError) {
            // nft delete table inet romana
            try KernelNft(table: PolicyObjects.table).commit([.deleteTable])
            logger.info("removed table inet \(PolicyObjects.table)")
        } catch {
            if error.errno != .ENOENT { fail("\(error)") }
        }
    }

    private mutating func restoreSettings() {
        do throws(SystemError) {
            let (restored, refused) = try KernelSettings(
                path: "\(settings.runDirectory)/\(KernelSettings.fileName)"
            ).restore()
            for setting in restored { logger.info("restored \(setting)") }
            for error in refused { fail("\(error)") }
        } catch {
            fail("\(error)")
        }
    }

    /// What agents have in the run directory, and the folders that had to be made.
    private mutating func removeFiles() {
        guard isWhole else {
            // What is remembered there is needed once more.
            return logger.error("uninstall: \(settings.runDirectory) is left, since not everything could be removed")
        }
        removeDrafts(of: InstallationSettings.configurationName, in: settings.configurationFolder)
        removeDrafts(of: InstallationSettings.pluginName, in: settings.pluginFolder)
        for folder in MadeFolders(path: settings.foldersPath).remove() { logger.info("removed \(folder)") }
        remove(settings.agentSocket)
        for name in [Journal.fileName, KernelSettings.fileName, MadeFolders.fileName] {
            remove("\(settings.runDirectory)/\(name)")
            removeDrafts(of: name, in: settings.runDirectory)
        }
        // It may be a mount of a container's, and then goes with that.
        _ = try? FileSystem.removeDirectory(settings.runDirectory)
    }

    /// What an agent left that was killed while it wrote a file.
    private mutating func removeDrafts(of name: String, in folder: String) {
        for file in (try? FileSystem.listDirectory(folder)) ?? []
        where file.hasPrefix("\(name).") && file.hasSuffix(FileSystem.draftSuffix) {
            remove("\(folder)/\(file)")
        }
    }

    private mutating func remove(_ path: String) {
        do throws(SystemError) {
            if try FileSystem.unlink(path) { logger.info("removed \(path)") }
        } catch {
            if error.errno != .ENOTDIR { fail("\(error)") }
        }
    }

    private mutating func fail(_ problem: String) {
        logger.error("uninstall: \(problem)")
        isWhole = false
    }
}
