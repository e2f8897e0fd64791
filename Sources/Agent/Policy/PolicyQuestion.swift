import Addresses
import CNIProtocol
import Nftables
import Policies

/// A question of `GET /v1/policy`: whether a connection may be opened, as far as this node has a say.
struct PolicyQuestion: Sendable {
    let source: IPAddress
    let destination: IPAddress
    let traffic: ConnectionTraffic

    /// A question from the parameters `from`, `to`, `protocol` (tcp) and `port`, or with `icmp` without a port.
    init(_ parameter: (String) -> String?) throws(AgentError) {
        func address(_ name: String) throws(AgentError) -> IPAddress {
            guard let text = parameter(name), let address = IPAddress(text) else {
                throw AgentError("\(name): \"\(parameter(name) ?? "")\" is not an address")
            }
            return address
        }
        source = try address("from")
        destination = try address("to")
        guard source.family == destination.family else {
            throw AgentError("from \(source) to \(destination): they are of different families")
        }
        let name = (parameter("protocol") ?? "tcp").uppercased()
        if name == "ICMP" {
            traffic = .icmp(type: source.family == .ipv4 ? 8 : 128, code: 0)
        } else if let transport = NetworkPolicy.Transport(rawValue: name) {
            guard let port = parameter("port").flatMap({ UInt16($0) }) else {
                throw AgentError("port: \"\(parameter("port") ?? "")\" is not a port")
            }
            traffic = .port(transport, port)
        } else {
            throw AgentError("protocol: \"\(name.lowercased())\" is none of tcp, udp, sctp and icmp")
        }
    }

    /// What the chains that the agent wants say of a direction; nil when that end is no pod of this node.
    func judgement(_ direction: NetworkPolicy.Direction, _ policies: NodePolicies) -> DirectionJudgement? {
        direction == .egress
            ? policies.judge(.egress, of: source, peer: destination, traffic)
            : policies.judge(.ingress, of: destination, peer: source, traffic)
    }

    /// What the kernel's own rules say of a direction; opened here, since it is asked off the dataplane thread.
    func kernelJudgement(_ direction: NetworkPolicy.Direction) throws(NftError) -> NftJudgement? {
        let packet: NftPacket =
            switch traffic {
            case .port(let transport, let port):
                NftPacket(source: source, destination: destination, transport: transport.number, port: port)
            case .icmp(let type, let code):
                NftPacket(source: source, destination: destination, icmpType: type, code: code)
            case .other(let number):
                NftPacket(source: source, destination: destination, transport: number, port: 0)
            }
        let kernel = try KernelNft(table: PolicyObjects.table)
        let judge = NftJudge(packet, in: kernel, sets: PolicyObjects.all)
        let own = direction == .egress ? source : destination
        return try judge.follow(PolicyObjects.entries(direction, own.family), [.address(own)])
    }

    /// The answer: for each direction whose pod is on this node whether it is allowed, why, and what the kernel says.
    func answer(_ judgements: [NetworkPolicy.Direction: DirectionJudgement]) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        for direction in NetworkPolicy.Direction.allCases {
            guard let judgement = judgements[direction] else { continue }
            members.append(
                (
                    key: direction.rawValue.lowercased(),
                    value: .object([
                        (key: "allowed", value: .bool(judgement.isAllowed)),
                        (key: "reason", value: .string(judgement.reason)),
                        (key: "chain", value: judgement.chain.map { .string($0) } ?? .null),
                        (key: "kernel", value: kernel(direction)),
                    ])
                ))
        }
        return .object(members)
    }

    private func kernel(_ direction: NetworkPolicy.Direction) -> JSONValue {
        // A pod reaches itself before any map is asked.
        if source == destination {
            return .object([
                (key: "allowed", value: .bool(true)), (key: "rule", value: .string("a pod reaches itself")),
            ])
        }
        do {
            guard let judgement = try kernelJudgement(direction) else {
                return .object([
                    (key: "allowed", value: .bool(false)),
                    (key: "rule", value: .string("no policy is in force for it")),
                ])
            }
            return .object([
                (key: "allowed", value: .bool(judgement.isAllowed)), (key: "rule", value: .string(judgement.rule)),
            ])
        } catch {
            return .object([(key: "allowed", value: .null), (key: "rule", value: .string("\(error)"))])
        }
    }
}
