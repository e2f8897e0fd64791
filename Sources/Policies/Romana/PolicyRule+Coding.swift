extension PolicyRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case ports
        case transport = "protocol"
        case portRanges = "port_ranges"
        case icmpType = "icmp_type"
        case icmpCode = "icmp_code"
        case isStateful = "is_stateful"
    }

    /// Reads a rule; everything but the protocol may be missing or null.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        transport = try container.decode(PolicyTransport.self, forKey: .transport)
        ports = try container.decodeIfPresent([Int].self, forKey: .ports) ?? []
        portRanges = try container.decodeIfPresent([PolicyPortRange].self, forKey: .portRanges) ?? []
        icmpType = try container.decodeIfPresent(Int.self, forKey: .icmpType) ?? 0
        icmpCode = try container.decodeIfPresent(Int.self, forKey: .icmpCode) ?? 0
        isStateful = try container.decodeIfPresent(Bool.self, forKey: .isStateful) ?? false
    }

    /// Writes the protocol and what limits it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(transport, forKey: .transport)
        if !ports.isEmpty { try container.encode(ports, forKey: .ports) }
        if !portRanges.isEmpty { try container.encode(portRanges, forKey: .portRanges) }
        if icmpType != 0 { try container.encode(icmpType, forKey: .icmpType) }
        if icmpCode != 0 { try container.encode(icmpCode, forKey: .icmpCode) }
        if isStateful { try container.encode(isStateful, forKey: .isStateful) }
    }
}

extension PolicyTransport: Codable {
    /// Reads a protocol in any case.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let transport = PolicyTransport(rawValue: text.lowercased()) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is none of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = transport
    }
}

extension PolicyPortRange: Codable {
    /// Reads a list of two numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let bounds = try container.decode([Int].self)
        guard bounds.count == 2 else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a range of ports is two numbers, not \(bounds.count)")
        }
        self.init(first: bounds[0], last: bounds[1])
    }

    /// Writes a list of two numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode([first, last])
    }
}
