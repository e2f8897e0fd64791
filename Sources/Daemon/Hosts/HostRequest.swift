import Addresses
import Topology

/// The body of `POST /hosts` and `POST /v1/hosts`: a node as it announces itself.
struct HostRequest: Codable, Sendable {
    /// The node's name in Kubernetes.
    var name: String
    /// Its first address.
    var ip: String
    /// All its addresses, of both families; `ip` is put first when it is not among them.
    var addresses: [String]?
    /// Its labels; left out: those known before are kept.
    var tags: [String: String]?
    /// The port of its agent, 9604 when left out or 0.
    var agentPort: Int?
    /// Whatever Kubernetes says of it; left out: what was known before is kept.
    var kubernetes: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name, ip, addresses, tags
        case agentPort = "agent_port"
        case kubernetes = "k8s_info"
    }

    /// Under what ``kubernetes`` has the id of the machine, which stays the same when its addresses change.
    static let machineName = "machine_id"

    /// Whether it is for certain from the machine that a host of its name was registered from.
    func isSameMachine(as host: HostRecord) -> Bool {
        guard let machine = kubernetes?[Self.machineName], !machine.isEmpty else { return false }
        return host.kubernetes[Self.machineName] == machine
    }

    /// The addresses of a host that it says nothing about; nil when it does.
    func addresses(_ before: HostRecord?) -> [IPAddress]? {
        guard addresses == nil, let before, before.ip == IPAddress(ip)?.description else { return nil }
        return before.addresses
    }

    /// The longest name, as Kubernetes limits those of nodes (RFC 1123).
    static let longestName = 253

    /// The most addresses that one host may have.
    static let mostAddresses = 64

    /// The addresses, parsed, the first one first, each once.
    ///
    /// Throws an invalid request that names the field.
    func check() throws(DaemonError) -> [IPAddress] {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let isPlain = name.utf8.first.map { ![UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0) }
        guard isName, isPlain == true, name.utf8.count <= Self.longestName else {
            throw DaemonError(.invalid, "add a host: name \"\(name.prefix(300))\" is not a node's name", type: "host")
        }
        guard (0...65535).contains(agentPort ?? 0) else {
            throw DaemonError(
                .invalid, "add host \(name): agent_port \(agentPort ?? 0) is not a port", type: "host", id: name)
        }
        guard (addresses ?? []).count <= Self.mostAddresses else {
            throw DaemonError(
                .invalid,
                "add host \(name): it has \((addresses ?? []).count) addresses, the most is \(Self.mostAddresses)",
                type: "host", id: name)
        }
        var parsed: [IPAddress] = []
        for text in [ip] + (addresses ?? []) {
            guard let address = IPAddress(text) else {
                let field = text == ip ? "ip" : "addresses"
                throw DaemonError(
                    .invalid, "add host \(name): \(field) \"\(text.prefix(80))\" is not an address", type: "host",
                    id: name)
            }
            if !parsed.contains(address) { parsed.append(address) }
        }
        return parsed
    }
}
