import Addresses

extension NetworkPolicy.Peer: Codable {
    /// Reads a peer: an `ipBlock`, or selectors; nothing and both are refused.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.members("podSelector", "namespaceSelector", "ipBlock")
        let pods = try members.value("podSelector", LabelSelector.self)
        let namespaces = try members.value("namespaceSelector", LabelSelector.self)
        func refusal(_ reason: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: reason))
        }
        guard try members.says("ipBlock") else {
            guard pods != nil || namespaces != nil else {
                throw refusal("it says nothing; everybody is meant where there are no peers")
            }
            self = .pods(namespaces: namespaces, pods: pods)
            return
        }
        guard pods == nil, namespaces == nil else { throw refusal("it says ipBlock and selectors; one names a peer") }
        let block = try members.superDecoder(forKey: DocumentKey("ipBlock")).members("cidr", "except")
        self = .block(try block.decode(IPPrefix.self, forKey: DocumentKey("cidr")), except: try block.list("except"))
    }

    /// Writes a peer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        switch self {
        case .pods(let namespaces, let pods):
            try container.encodeIfPresent(pods, forKey: DocumentKey("podSelector"))
            try container.encodeIfPresent(namespaces, forKey: DocumentKey("namespaceSelector"))
        case .block(let prefix, let exceptions):
            var block = container.nestedContainer(keyedBy: DocumentKey.self, forKey: DocumentKey("ipBlock"))
            try block.encode(prefix, forKey: DocumentKey("cidr"))
            if !exceptions.isEmpty { try block.encode(exceptions, forKey: DocumentKey("except")) }
        }
    }
}

extension NetworkPolicy.Port: Codable {
    /// Reads ports of a protocol: `port` is a number or a name.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.members("protocol", "port", "endPort")
        self.init(
            try members.value("protocol") ?? .tcp, try members.value("port"), endPort: try members.value("endPort"))
    }

    /// Writes ports of a protocol.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        try container.encode(transport, forKey: DocumentKey("protocol"))
        try container.encodeIfPresent(port, forKey: DocumentKey("port"))
        try container.encodeIfPresent(endPort, forKey: DocumentKey("endPort"))
    }
}

extension NetworkPolicy.Port.Number: Codable {
    /// Reads a number, or a name in quotes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let name = try? container.decode(String.self) {
            self = .name(name)
        } else {
            self = .number(try container.decode(Int.self))
        }
    }

    /// Writes a number, or a name in quotes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .name(let name): try container.encode(name)
        }
    }
}
