extension PolicyRule {
    private static let ports = 0...65535

    /// What cannot be in the rule, in the order of the document.
    func problems(field: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        if transport.hasPorts {
            problems += portProblems(field)
        } else if !ports.isEmpty || !portRanges.isEmpty {
            let name = ports.isEmpty ? "port_ranges" : "ports"
            problems.append(.init("\(field).\(name)", "\(transport) has no ports"))
        }
        if transport == .icmp {
            problems += messageProblems(field)
        } else if icmpType != 0 || icmpCode != 0 {
            let name = icmpType != 0 ? "icmp_type" : "icmp_code"
            problems.append(.init("\(field).\(name)", "\(transport) has no ICMP messages"))
        }
        return problems
    }

    private func portProblems(_ field: String) -> [PolicyError.Problem] {
        var problems: [PolicyError.Problem] = []
        for (index, port) in ports.enumerated() where !Self.ports.contains(port) {
            problems.append(.init("\(field).ports[\(index)]", "\(port) is not a port"))
        }
        for (index, range) in portRanges.enumerated() {
            let name = "\(field).port_ranges[\(index)]"
            if let port = [range.first, range.last].first(where: { !Self.ports.contains($0) }) {
                problems.append(.init(name, "\(port) is not a port"))
            } else if range.first > range.last {
                problems.append(.init(name, "\(range.first) is above \(range.last)"))
            }
        }
        return problems
    }

    private func messageProblems(_ field: String) -> [PolicyError.Problem] {
        guard (0...255).contains(icmpType) else {
            return [.init("\(field).icmp_type", "\(icmpType) is not a type of ICMP, the last is 255")]
        }
        let last = Self.lastCode(ofType: icmpType)
        guard !(0...last).contains(icmpCode) else { return [] }
        return [.init("\(field).icmp_code", "type \(icmpType) has no code \(icmpCode), the last is \(last)")]
    }

    /// The last code of an ICMP type (RFC 792 and the codes added since).
    private static func lastCode(ofType type: Int) -> Int {
        switch type {
        case 3: 15
        case 5: 3
        case 11: 1
        default: 0
        }
    }
}
