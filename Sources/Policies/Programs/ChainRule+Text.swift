import Addresses

/// Rules as the names of chains are made of: rules that differ have texts that differ.
///
/// Written out because what Swift prints of a value by itself is found by reflection, which took longer than all else.
extension ChainRule {
    /// Everything that the rule says.
    var text: String {
        "\(family.text) \(peer.text) \(traffic.text) \(verdict.text) \(origin)"
    }
}

extension AddressFamily? {
    /// The family's digit, or a dash where it can be either.
    var text: String {
        switch self {
        case .ipv4: "4"
        case .ipv6: "6"
        case nil: "-"
        }
    }
}

extension PeerMatch {
    fileprivate var text: String {
        switch self {
        case .any: "any"
        case .members(let number): "members \(number)"
        case .block(let block, let except): "block \(block) less (\(except.map(\.description).joined(separator: " ")))"
        case .ranges(let name, let family): "ranges \(name) \(family == .ipv4 ? 4 : 6)"
        }
    }
}

extension TrafficMatch {
    fileprivate var text: String {
        switch self {
        case .any: "any"
        case .ports(let transport, let range): "\(transport.rawValue) \(range.lowerBound)-\(range.upperBound)"
        case .named(let transport, let number): "\(transport.rawValue) named \(number)"
        case .icmp(let type, let code): "icmp \(type.map(Int.init) ?? -1) \(code.map(Int.init) ?? -1)"
        }
    }
}

extension ChainRule.Verdict {
    fileprivate var text: String {
        switch self {
        case .allow: "allow"
        case .deny: "deny"
        case .chain(let name): "chain \(name)"
        }
    }
}
