import Addresses
import CNIProtocol
import Netlink

/// Routes, rules and MTUs: whether the kernel has what the agent says it should have.
struct RouteExamination {
    let state: NodeState

    private var table: UInt32 { UInt32(clamping: state.document["settings"]?["routeTable"]?.intValue ?? 10) }

    func symptoms() -> [Symptom] {
        do throws(NetlinkError) {
            let kernel = try KernelNetwork()
            let links = Dictionary(try kernel.links().map { ($0.index, $0) }, uniquingKeysWith: { $1 })
            return try rules(kernel) + routes(kernel, links) + mtu(kernel, links)
        } catch {
            return [.unknown("routes", "kernel", "\(error)")]
        }
    }

    // `ip rule list`
    private func rules(_ kernel: KernelNetwork) throws(NetlinkError) -> [Symptom] {
        guard table != Route.mainTable else { return [] }
        var symptoms: [Symptom] = []
        for family in families {
            let isThere = try kernel.rules(family: family).contains { $0.table == table && $0.source == nil }
            let subject = "rule of \(family.rawValue)"
            symptoms.append(
                isThere
                    ? .ok("routes", subject, "leads to table \(table)")
                    : .failed(
                        "routes", subject, "none leads to table \(table)",
                        do:
                            "the agent adds it within a minute; see what removes it (systemd-networkd: ManageForeignRoutingPolicyRules=no)"
                    ))
        }
        return symptoms
    }

    // `ip route list table 10`
    private func routes(_ kernel: KernelNetwork, _ links: [UInt32: Link]) throws(NetlinkError) -> [Symptom] {
        var held: [IPPrefix: Route] = [:]
        for family in AddressFamily.allCases {
            for route in try kernel.routes(table: table, routeProtocol: nil, family: family) {
                held[route.destination] = route
            }
        }
        var missing: [String] = []
        var refused: [String] = []
        var fabric = 0
        for route in state.routes {
            let prefix = route["prefix"].shown
            switch route["state"].shown {
            case "installed", "pending": if IPPrefix(prefix).flatMap({ held[$0] }) == nil { missing.append(prefix) }
            case "left to the fabric": fabric += 1
            case let refusal: refused.append("\(prefix): \(refusal)")
            }
        }
        for pod in state.attachments {
            for address in (pod["addresses"]?.arrayValue ?? []).compactMap(\.stringValue) {
                let route = IPAddress(address).flatMap { held[$0.hostPrefix] }
                let name = route?.interface.flatMap { links[$0]?.name }
                if name != pod["veth"].shown {
                    missing.append("\(address) of \(pod["namespace"].shown)/\(pod["pod"].shown)")
                }
            }
        }
        let restored = "the agent restores them within a minute; see what removes them"
        let count = "\(held.count) in table \(table)" + (fabric > 0 ? ", \(fabric) left to the fabric" : "")
        return [
            missing.isEmpty
                ? .ok("routes", "table \(table)", count)
                : .failed("routes", "table \(table)", "missing: \(Self.list(missing))", do: restored)
        ]
            + (refused.isEmpty
                ? [] : [.failed("routes", "refused", Self.list(refused), do: "romana route list tells all of them")])
    }

    /// Packets that are larger than a link on their way vanish, or have to be cut up.
    private func mtu(_ kernel: KernelNetwork, _ links: [UInt32: Link]) throws(NetlinkError) -> [Symptom] {
        let pods =
            state.attachments.compactMap { $0["mtu"]?.intValue }.max()
            ?? state.document["settings"]?["mtu"]?.intValue ?? 0
        guard pods > 0 else { return [] }
        var least: (mtu: Int, name: String)?
        for hop in Set(state.routes.map { $0["via"].shown }) {
            guard let address = IPAddress(hop), let route = try kernel.routeLookup(to: address),
                let link = route.interface.flatMap({ links[$0] })
            else { continue }
            let mtu = Int(min(route.mtu ?? link.mtu, link.mtu))
            if mtu < least?.mtu ?? .max { least = (mtu, link.name) }
        }
        if least == nil, let name = state.document["settings"]?["link"]?.stringValue,
            let link = links.values.first(where: { $0.name == name })
        {
            least = (Int(link.mtu), name)
        }
        guard let least else { return [.unknown("mtu", "pods", "\(pods); the link to other nodes is not known")] }
        guard pods > least.mtu else {
            return [.ok("mtu", "pods", "\(pods), \(least.name) to the other nodes takes \(least.mtu)")]
        }
        return [
            .failed(
                "mtu", "pods", "\(pods), but \(least.name) to the other nodes takes \(least.mtu)",
                do: "romana-agent --mtu \(least.mtu), and restart the pods")
        ]
    }

    private var families: [AddressFamily] {
        AddressFamily.allCases.filter { family in
            state.blocks.contains { IPPrefix($0["cidr"].shown)?.family == family }
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}
