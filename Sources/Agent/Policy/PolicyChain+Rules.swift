import Addresses
import Nftables
import Policies

/// Chains of profiles as the kernel has them.
///
/// What a direction allows it lets through: the other has a base chain of its own.
extension PolicyChain {
    /// What makes the chain: itself and its rules.
    func operations(_ settings: PolicySettings) -> [NftOperation] {
        var rules = self.rules.map { rule($0) }
        switch end {
        case .allow: rules.append(NftRule([.verdict(.accept)]))
        case .back: break
        case .deny:
            // The end of the chain is the end of the base chain, which drops.
            var end: [NftExpression] = [.counter]
            if let group = settings.logGroup {
                // counter limit rate 10/second burst 20 packets log prefix "romana in shop/db" group 71
                let prefix = "romana \(direction == .ingress ? "in" : "out") \(titles)"
                end += [
                    .limit(perSecond: 10, burst: 20), .log(group: group, prefix: String(clipping: prefix, to: 127)),
                ]
            }
            rules.append(NftRule(end, comment: "not allowed by \(titles)"))
        }
        return [.addChain(NftChain(name, comment: titles))] + rules.map { .addRule(chain: name, $0) }
    }

    private func rule(_ rule: ChainRule) -> NftRule {
        var expressions: [NftExpression] = []
        // Every match of addresses begins with the family, unless the chain sees packets of one family only.
        if family == nil, let family = rule.family ?? rule.peer.family { expressions += .family(family) }
        expressions += transport(rule)
        expressions += peer(rule)
        switch rule.verdict {
        case .allow: expressions += [.counter, .verdict(.accept)]
        case .deny: expressions += [.counter, .verdict(.drop)]
        // What it leads to counts.
        case .chain(let name): expressions.append(.verdict(.jump(name)))
        }
        return NftRule(expressions, comment: rule.origin)
    }

    private func transport(_ rule: ChainRule) -> [NftExpression] {
        switch rule.traffic {
        case .any: return []
        case .ports(let transport, let range):
            // tcp dport 80, tcp dport 8000-8080, or meta l4proto tcp
            let match: [NftExpression] = .transport(transport.number)
            if range == 0...UInt16.max { return match }
            if range.count == 1 {
                return match + [.destinationPort(.first), .compare(.first, .equal, Self.bytes(range.lowerBound))]
            }
            return match + [
                .destinationPort(.first), .compare(.first, .greaterOrEqual, Self.bytes(range.lowerBound)),
                .compare(.first, .lessOrEqual, Self.bytes(range.upperBound)),
            ]
        case .named(let transport, let number):
            // meta l4proto tcp meta mark & N | N . ip daddr . tcp dport @ports4
            guard let family = rule.family else { return [] }
            let address = NftRegister.first.behind(4)
            return .transport(transport.number) + .constant(number, into: .first) + [
                .destination(family, address), .destinationPort(address.behind(family.bits / 8)),
                .lookup(.first, set: PolicyObjects.ports(family).name, isInverted: false),
            ]
        case .icmp(let type, let code):
            let match: [NftExpression] = .transport(rule.family == .ipv6 ? 58 : 1)
            var more: [NftExpression] = []
            if let type {
                more += [.payload(.transport, offset: 0, length: 1, .first), .compare(.first, .equal, [type])]
            }
            if let code {
                more += [.payload(.transport, offset: 1, length: 1, .first), .compare(.first, .equal, [code])]
            }
            return match + more
        }
    }

    private func peer(_ rule: ChainRule) -> [NftExpression] {
        switch rule.peer {
        case .any: return []
        case .members(let number):
            // meta mark & N | N . ip saddr @members4
            guard let family = rule.family else { return [] }
            return .constant(number, into: .first) + [
                peerAddress(family, NftRegister.first.behind(4)),
                .lookup(.first, set: PolicyObjects.members(family).name, isInverted: false),
            ]
        case .block(let block, let except):
            // ip saddr 10.0.0.0/8 ip saddr != 10.1.0.0/16
            return prefix(block, .equal) + except.flatMap { prefix($0, .notEqual) }
        case .ranges(let name, let family):
            return [peerAddress(family, .first), .lookup(.first, set: name, isInverted: false)]
        }
    }

    private func peerAddress(_ family: AddressFamily, _ register: NftRegister) -> NftExpression {
        direction == .ingress ? .source(family, register) : .destination(family, register)
    }

    private func prefix(_ prefix: IPPrefix, _ comparison: NftExpression.Comparison) -> [NftExpression] {
        let family = prefix.family
        if prefix.length == 0 { return [] }
        let mask = (0..<family.bits / 8).map { byte in
            UInt8(truncatingIfNeeded: 0xff00 >> max(0, min(8, prefix.length - byte * 8)))
        }
        return [
            peerAddress(family, .first),
            .bitwise(.first, into: .first, mask: mask, xor: [UInt8](repeating: 0, count: mask.count)),
            .compare(.first, comparison, prefix.address.bytes),
        ]
    }

    private static func bytes(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)] }
}

extension String {
    /// The text, or as much of its beginning as has so many bytes.
    init(clipping text: String, to bytes: Int) {
        var kept = text
        while kept.utf8.count > bytes { kept.removeLast() }
        self = kept
    }
}
