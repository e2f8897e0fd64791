extension NetworkPolicy: Codable {
    private enum CodingKeys: String, CodingKey {
        case apiVersion, kind, metadata, spec
    }

    private enum MetadataKeys: String, CodingKey {
        case namespace, name, uid
    }

    private static let kind = "NetworkPolicy"
    private static let apiGroups = ["networking.k8s.io/", "extensions/"]

    /// Reads an object of networking.k8s.io/v1 or of extensions/v1beta1, as the API server gives it or as a manifest.
    ///
    /// It throws for what is no NetworkPolicy at all. Whatever else is wrong is for ``problems`` to tell, so that a
    /// list of policies can be read for the sake of the others.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let kind = try container.decodeIfPresent(String.self, forKey: .kind), kind != Self.kind {
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "\"\(kind)\" is not \(Self.kind)")
        }
        if let version = try container.decodeIfPresent(String.self, forKey: .apiVersion),
            !Self.apiGroups.contains(where: version.hasPrefix)
        {
            throw DecodingError.dataCorruptedError(
                forKey: .apiVersion, in: container, debugDescription: "no \(Self.kind) is known of \"\(version)\"")
        }
        let metadata = try container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        self.init(
            // Where a manifest names none it is this one, for kubectl too.
            namespace: try metadata.decodeIfPresent(String.self, forKey: .namespace) ?? "default",
            name: try metadata.decode(String.self, forKey: .name),
            uid: try metadata.decodeIfPresent(String.self, forKey: .uid) ?? "")
        guard try container.contains(.spec) && !container.decodeNil(forKey: .spec) else { return }
        var reader = NetworkPolicyReader(depth: decoder.codingPath.count)
        reader.read(try container.superDecoder(forKey: .spec), into: &self)
    }

    /// Writes an object of networking.k8s.io/v1 with what identifies it and what it says.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("networking.k8s.io/v1", forKey: .apiVersion)
        try container.encode(Self.kind, forKey: .kind)
        var metadata = container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        try metadata.encode(namespace, forKey: .namespace)
        try metadata.encode(name, forKey: .name)
        if !uid.isEmpty { try metadata.encode(uid, forKey: .uid) }
        var spec = container.nestedContainer(keyedBy: DocumentKey.self, forKey: .spec)
        try spec.encode(podSelector, forKey: DocumentKey("podSelector"))
        try spec.encodeIfPresent(policyTypes, forKey: DocumentKey("policyTypes"))
        for (key, peers, rules) in [("ingress", "from", ingress), ("egress", "to", egress)] {
            guard let rules else { continue }
            var list = spec.nestedUnkeyedContainer(forKey: DocumentKey(key))
            for rule in rules {
                var item = list.nestedContainer(keyedBy: DocumentKey.self)
                if !rule.peers.isEmpty { try item.encode(rule.peers, forKey: DocumentKey(peers)) }
                if !rule.ports.isEmpty { try item.encode(rule.ports, forKey: DocumentKey("ports")) }
            }
        }
    }
}

extension NetworkPolicy.Direction: Codable {}

extension NetworkPolicy.Transport: Codable {
    /// Reads a protocol by its name in capitals, as Kubernetes writes it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let known = Self(rawValue: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is none of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = known
    }
}
