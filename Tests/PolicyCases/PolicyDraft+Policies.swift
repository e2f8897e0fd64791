import Addresses
import Policies
import SeededRandom

extension PolicyDraft {
    /// A NetworkPolicy of any form.
    mutating func networkPolicy() -> NetworkPolicy {
        let directions = NetworkPolicy.Direction.allCases
        return NetworkPolicy(
            namespace: namespace(), name: generator.pick("one", "two", "three"),
            podSelector: generator.chance(30) ? .any : selector("pod"),
            policyTypes: generator.pick(nil, nil, [], [.ingress], [.egress], directions, directions.reversed()),
            ingress: generator.chance(75) ? rules() : nil, egress: generator.chance(60) ? rules() : nil)
    }

    /// One of Romana's own policies that can stand.
    mutating func romanaPolicy() -> Policy {
        var clauses: [PolicyClause] = []
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            clauses.append(
                PolicyClause(
                    peers: some(1...2) { $0.romanaPeer() }, rules: some(1...2) { $0.romanaRule() }))
        }
        return Policy(
            id: generator.pick("own-1", "own-2"), direction: generator.pick(.ingress, .egress),
            targets: some(1...2) { $0.romanaPods() }, clauses: clauses)
    }

    private mutating func some<Thing>(_ counts: ClosedRange<Int>, _ make: (inout Self) -> Thing) -> [Thing] {
        (0..<Int.random(in: counts, using: &generator)).map { _ in make(&self) }
    }

    private mutating func rules() -> [NetworkPolicy.Rule] {
        some(0...3) { draft in
            .init(
                peers: draft.generator.chance(25) ? [] : draft.some(1...3) { $0.peer() },
                ports: draft.generator.chance(40) ? [] : draft.some(1...3) { $0.port() })
        }
    }

    private mutating func peer() -> NetworkPolicy.Peer {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<3: .pods(generator.chance(20) ? .any : selector("pod"))
        case 3..<5: .namespaces(generator.chance(25) ? .any : selector("ns"))
        case 5..<7:
            .pods(generator.chance(20) ? .any : selector("pod"), in: generator.chance(25) ? .any : selector("ns"))
        default: block()
        }
    }

    private mutating func block() -> NetworkPolicy.Peer {
        let family = generator.pick(AddressFamily.ipv4, .ipv4, .ipv6)
        let bits = family.bits
        let address = address(family)
        let length = generator.pick(bits, bits, bits - 1, bits - 4, bits - 8, bits - 16, 0)
        let block = IPPrefix(address, length: length) ?? address.hostPrefix
        guard length < bits, generator.chance(60) else { return .block(block, except: []) }
        let exceptions = some(1...3) { draft in
            let length = Int.random(in: max(length + 1, bits - 6)...bits, using: &draft.generator)
            return IPPrefix(draft.address(family), length: length) ?? address.hostPrefix
        }
        // The API server wants exceptions strictly within the block.
        return .block(block, except: exceptions.filter { block.contains($0) && $0.length > block.length })
    }

    /// The address of some pod, or sometimes one that nobody has.
    private mutating func address(_ family: AddressFamily) -> IPAddress {
        let addresses = world.oracle.pods.flatMap(\.record.addresses).filter { $0.family == family }
        let stranger: IPAddress =
            family == .ipv4
            ? .v4(IPv4Address(rawValue: 0xC000_0201)) : .v6(IPv6Address(rawValue: 0x2001_0DB8 << 96 | 1))
        return generator.chance(10) ? stranger : addresses.randomElement(using: &generator) ?? stranger
    }

    private mutating func port() -> NetworkPolicy.Port {
        let transport = generator.pick(NetworkPolicy.Transport.tcp, .tcp, .udp, .sctp)
        let word = transport.rawValue.lowercased()
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<2: return .init(transport)
        case 2..<5: return .init(transport, .number(generator.pick(80, 81, 82)))
        case 5..<7:
            let first = generator.pick(1, 79, 80, 81)
            return .init(transport, .number(first), endPort: generator.pick(first, first + 1, 65535))
        default:
            return .init(
                transport, .name(generator.pick("serve-80-\(word)", "serve-81-\(word)", "web", "dns", "talk", "mixed")))
        }
    }

    /// Labels of a key that letters are values of, in one form or another.
    private mutating func selector(_ key: String) -> LabelSelector {
        func letter(_ draft: inout Self) -> String { key == "pod" ? draft.letter() : draft.namespace() }
        let values = Array(Set(some(1...2, letter))).sorted()
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<4: return .labels([key: values[0]])
        case 4: return .demand(.init(key, .isIn, values))
        case 5: return .demand(.init(key, .isNotIn, values))
        case 6: return .demand(.init(key == "pod" ? "tier" : "team", .exists))
        case 7: return .demand(.init(key == "pod" ? "tier" : "team", .doesNotExist))
        case 8 where key == "ns": return .labels(["kubernetes.io/metadata.name": values[0]])
        default:
            return LabelSelector(
                matchLabels: generator.chance(50) ? [key: values[0]] : [:],
                matchExpressions: [.init(key, .exists), .init(key, .isNotIn, [letter(&self)])])
        }
    }

    private mutating func romanaPods() -> PolicyEndpoint {
        PolicyEndpoint(tenant: namespace(), segment: generator.pick("", "", "front", "default"))
    }

    private mutating func romanaPeer() -> PolicyEndpoint {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<2: PolicyEndpoint(peer: "any")
        case 2..<4:
            PolicyEndpoint(cidr: IPPrefix(address(generator.pick(.ipv4, .ipv6)), length: generator.pick(24, 28, 32)))
        default: romanaPods()
        }
    }

    private mutating func romanaRule() -> PolicyRule {
        let transport = generator.pick(PolicyTransport.tcp, .udp, .any, .icmp, .tcp)
        guard transport.hasPorts else { return PolicyRule(transport) }
        return PolicyRule(
            transport, ports: generator.pick([], [80], [81], [80, 443]),
            portRanges: generator.pick([], [], [.init(first: 81, last: 90)]))
    }
}
