import Addresses
import ArgumentParser
import LinuxSystem
import Netlink

/// What the agent is told about who it is.
struct IdentityOptions: ParsableArguments {
    @OptionGroup var hostname: NameOptions

    @Option(
        name: [.long, .customLong("ip-address")],
        help: """
            The node's addresses, one of a family, by comma (default: those of the node in the Kubernetes API, which are \
            followed; else NODEIP; else those of the link).
            """)
    var nodeIP: String = ProcessEnvironment.value("NODEIP") ?? ""

    @Option(
        name: [.long, .customLong("link-name", withSingleDash: true), .customLong("interface")],
        help:
            "The link towards the other nodes (default: the one with the node's address, else that of the default route)."
    )
    var linkName: String?

    /// The name, which is not empty.
    func name() throws(AgentError) -> String { try hostname.name() }

    /// Whether addresses were told by whoever started the agent: NODEIP comes from what the API said at the time.
    var hasGivenAddresses: Bool { !nodeIP.isEmpty && nodeIP != ProcessEnvironment.value("NODEIP") }

    /// The addresses told, or those that the uplink carries; none at all will do where others are to be had.
    func addresses(hasOthers: Bool = false) throws -> [IPAddress] {
        guard !nodeIP.isEmpty else {
            return hasOthers ? (try? uplinkAddresses()) ?? [] : try uplinkAddresses()
        }
        var addresses: [IPAddress] = []
        for text in nodeIP.split(separator: ",") {
            let address = try IPAddress(parsing: String(text))
            guard !addresses.contains(where: { $0.family == address.family }) else {
                throw AgentError("--node-ip \(nodeIP): more than one address of \(address.family.rawValue)")
            }
            addresses.append(address)
        }
        return addresses
    }

    private func uplinkAddresses() throws -> [IPAddress] {
        let kernel = try KernelNetwork()
        let index: UInt32
        if let linkName {
            guard let link = try kernel.link(named: linkName) else {
                throw AgentError("--link-name \(linkName): there is no such link")
            }
            index = link.index
        } else {
            let defaults = try AddressFamily.allCases.flatMap { family in
                try kernel.routes(table: 254, routeProtocol: nil, family: family).filter { $0.destination.length == 0 }
            }
            guard let uplink = defaults.compactMap(\.interface).first else {
                throw AgentError("--node-ip: not given, and there is no default route to find it by")
            }
            index = uplink
        }
        let held = try kernel.addresses(interface: index).map(\.address).filter { !$0.isLinkLocal }
        let addresses = AddressFamily.allCases.compactMap { family in held.first { $0.family == family } }
        guard !addresses.isEmpty else { throw AgentError("--node-ip: not given, and the uplink has no address") }
        return addresses
    }
}
