import CNIProtocol
import LinuxSystem

/// Settings of the kernel below `net`, of the namespace that the command runs in.
struct SysctlExamination {
    static let area = "sysctl"
    /// What the node's agent said; nil when it says nothing.
    let state: NodeState?

    func symptoms() -> [Symptom] {
        var symptoms: [Symptom] = []
        let families = Set((state?.blocks ?? []).map { $0["cidr"].shown.contains(":") ? 6 : 4 })
        if families.contains(4) || families.isEmpty { symptoms.append(forwarding("net.ipv4.ip_forward", families, 4)) }
        if families.contains(6) { symptoms.append(forwarding("net.ipv6.conf.all.forwarding", families, 6)) }
        if let link = state?.document["settings"]?["link"]?.stringValue {
            symptoms += [reversePath(link)] + advertisements(link)
        }
        return symptoms
    }

    private func forwarding(_ key: String, _ families: Set<Int>, _ family: Int) -> Symptom {
        switch value(key) {
        case "1"?, "2"?: return .ok(Self.area, key, "on")
        case let value?:
            let message = "\(value): the node does not forward for its pods"
            // The agent turns it on with the first network of the family.
            return families.contains(family)
                ? .failed(
                    Self.area, key, message,
                    do:
                        "sysctl -w \(key)=1; see what turns it off (sysctl.d, a read-only /proc/sys in the agent's container)"
                )
                : .warning(Self.area, key, message, do: "the agent turns it on once the node has a block")
        case nil: return .unknown(Self.area, key, "cannot be read")
        }
    }

    private func reversePath(_ link: String) -> Symptom {
        let key = "net.ipv4.conf.\(link).rp_filter"
        let values = [value("net/ipv4/conf/all/rp_filter"), value("net/ipv4/conf/\(link)/rp_filter")].compactMap { $0 }
        // The kernel takes the greater one (ip-sysctl).
        switch values.compactMap({ Int($0) }).max() {
        case 1?:
            return .warning(
                Self.area, key, "1, strict: packets that come in on another link than the way back are dropped",
                do: "sysctl -w \(key)=2 if the node has several uplinks")
        case let most?: return .ok(Self.area, key, "\(most)")
        case nil: return .unknown(Self.area, key, "cannot be read")
        }
    }

    /// A node that forwards hears router advertisements only if it is told to, and may lose its default route.
    private func advertisements(_ link: String) -> [Symptom] {
        guard value("net/ipv6/conf/all/forwarding") == "1", let value = value("net/ipv6/conf/\(link)/accept_ra") else {
            return []
        }
        let key = "net.ipv6.conf.\(link).accept_ra"
        guard value == "1" else { return [.ok(Self.area, key, value)] }
        return [
            .warning(
                Self.area, key, "1: router advertisements are not heard, since the node forwards",
                do: "sysctl -w \(key)=2 if the node gets its IPv6 default route from them")
        ]
    }

    private func value(_ key: String) -> String? {
        do throws(SystemError) { return try Sysctl.read(key) } catch { return nil }
    }
}
