import Addresses
import LinuxSystem
import Logging

/// The kernel settings that a node needs to forward for its pods; written once per family, when pods of it may come.
struct NodeSysctls {
    private static let root = "/proc/sys/net"
    private var done: Set<AddressFamily> = []
    private var settings: KernelSettings
    private let logger: Logger

    /// - Parameter runDirectory: where is remembered how the settings were before.
    init(runDirectory: String, logger: Logger) throws(SystemError) {
        settings = try KernelSettings(path: "\(runDirectory)/\(KernelSettings.fileName)")
        self.logger = logger
    }

    /// Turns forwarding on for a family; what is as needed already is not written.
    mutating func forward(_ family: AddressFamily) {
        guard done.insert(family).inserted else { return }
        do {
            switch family {
            case .ipv4:
                // The kernel changes these with it (networking/ip-sysctl).
                let followers =
                    ["net/ipv4/conf/all/accept_redirects"] + (try interfaces("ipv4")).map { "\($0)/forwarding" }
                // sysctl -w net.ipv4.ip_forward=1
                try set("net/ipv4/ip_forward", to: "1", followers: followers)
            case .ipv6:
                let key = "net/ipv6/conf/all/forwarding"
                // A node that forwards already has been through this.
                guard try Sysctl.read(key) != "1" else { return }
                let interfaces = try interfaces("ipv6")
                try keepRouterAdvertisements(interfaces)
                // sysctl -w net.ipv6.conf.all.forwarding=1
                try set(key, to: "1", followers: interfaces.map { "\($0)/forwarding" })
            }
        } catch {
            // A read-only /proc/sys, as in a container that was not given another: the operator has to set it.
            logger.error("forwarding of \(family.rawValue): \(error)")
            done.remove(family)
        }
    }

    /// Lets what a node's process sends to a mapped port at 127.0.0.1 leave by the pod's link and come back; packets of
    /// 127.0.0.0/8 that the pod itself sends are dropped before (CVE-2020-8558).
    func admitLoopback(on link: String) {
        do {
            // sysctl -w net.ipv4.conf.romX.route_localnet=1
            try Sysctl.write("net/ipv4/conf/\(link)/route_localnet", "1")
        } catch {
            logger.warning("mapped ports at 127.0.0.1 do not reach \(link): \(error)")
        }
    }

    /// A node that learned its default route from router advertisements stops to listen once it forwards, unless
    /// told that it shall (`accept_ra` 2; kernel documentation, networking/ip-sysctl).
    private mutating func keepRouterAdvertisements(_ interfaces: [String]) throws(SystemError) {
        for interface in interfaces where !interface.hasSuffix("/default") {
            let key = "\(interface)/accept_ra"
            // sysctl -w net.ipv6.conf.eth0.accept_ra=2
            if try Sysctl.read(key) == "1" { try set(key, to: "2") }
        }
    }

    /// The keys of the interfaces in a family and of `default`, without our own, which come and go with pods.
    private func interfaces(_ family: String) throws(SystemError) -> [String] {
        try FileSystem.listDirectory("\(Self.root)/\(family)/conf")
            .filter { $0 != "all" && !$0.hasPrefix(Ownership.linkPrefix) }
            .map { "net/\(family)/conf/\($0)" }
    }

    private mutating func set(_ key: String, to value: String, followers: [String] = []) throws(SystemError) {
        guard try settings.set(key, to: value, followers: followers) else { return }
        logger.info("set \(key) to \(value)")
    }
}
