import Addresses
import LinuxSystem
import Logging

/// The kernel settings that a node needs to forward for its pods; written once per family, when pods of it may come.
struct NodeSysctls {
    private static let root = "/proc/sys/net"
    private var done: Set<AddressFamily> = []
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Turns forwarding on for a family; what is as needed already is not written.
    mutating func forward(_ family: AddressFamily) {
        guard done.insert(family).inserted else { return }
        do {
            switch family {
            case .ipv4:
                // sysctl -w net.ipv4.ip_forward=1
                try need("net.ipv4.ip_forward", "1")
            case .ipv6:
                // A node that forwards already has been through this.
                guard try Sysctl.read("net.ipv6.conf.all.forwarding") != "1" else { return }
                try keepRouterAdvertisements()
                // sysctl -w net.ipv6.conf.all.forwarding=1
                try need("net.ipv6.conf.all.forwarding", "1")
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
    private func keepRouterAdvertisements() throws(SystemError) {
        for link in try FileSystem.listDirectory("\(Self.root)/ipv6/conf")
        where link != "all" && link != "default" && !link.hasPrefix(Ownership.linkPrefix) {
            let key = "net/ipv6/conf/\(link)/accept_ra"
            guard try Sysctl.read(key) == "1" else { continue }
            // sysctl -w net.ipv6.conf.eth0.accept_ra=2
            try Sysctl.write(key, "2")
        }
    }

    private func need(_ key: String, _ value: String) throws(SystemError) {
        guard try Sysctl.read(key) != value else { return }
        try Sysctl.write(key, value)
        logger.info("set \(key) to \(value)")
    }
}
