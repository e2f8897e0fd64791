/// What an annotation of a namespace says of its pods, as it was before there was a NetworkPolicy for everything.
public enum NamespaceIsolation: String, Hashable, Sendable {
    /// Nothing, or something that opens them.
    case none
    /// Its pods take only what a policy allows.
    case defaultDeny = "DefaultDeny"
    /// Something that cannot be read, which changes nothing.
    case unreadable

    /// The name of the annotation.
    public static let annotation = "net.beta.kubernetes.io/networkpolicy"

    /// What these annotations say; `decode` reads the JSON of one of them.
    public init(
        annotations: [String: String], decode: (String) throws -> NamespaceIsolation
    ) {
        guard let text = annotations[Self.annotation] else {
            self = .none
            return
        }
        self = (try? decode(text)) ?? .unreadable
    }

    /// The policy that says the same of a namespace.
    public static func policy(of namespace: String) -> NetworkPolicy {
        NetworkPolicy(namespace: namespace, name: "isolation", uid: policyUID, policyTypes: [.ingress])
    }

    /// In the place of a unique id, which it cannot be.
    static let policyUID = "annotation"
}

extension NamespaceIsolation: Decodable {
    private enum CodingKeys: String, CodingKey {
        case ingress, isolation
    }

    /// Reads `{"ingress": {"isolation": "DefaultDeny"}}`; every other isolation is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.contains(.ingress) && !container.decodeNil(forKey: .ingress) else {
            self = .none
            return
        }
        let ingress = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .ingress)
        let isolation = try ingress.decodeIfPresent(String.self, forKey: .isolation)
        self = isolation == Self.defaultDeny.rawValue ? .defaultDeny : .none
    }
}
