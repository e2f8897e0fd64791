import CNIProtocol

extension JSONValue {
    /// The object with another value for a key, in its place or at the end.
    func replacing(_ key: String, _ value: JSONValue) -> JSONValue {
        var members = members ?? []
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append((key: key, value: value))
        }
        return .object(members)
    }

    /// The tree without addresses of groups, which are those of another network.
    var withoutCIDRs: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutCIDRs))
        case .object(let members):
            .object(members.filter { $0.key != "cidr" }.map { (key: $0.key, value: $0.value.withoutCIDRs) })
        default: self
        }
    }
}

extension JSONValue {
    /// Whether an element of a topology's list is a host.
    var isHost: Bool { !self["ip"].shown.isEmpty }
}
