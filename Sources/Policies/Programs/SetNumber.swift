/// What the sets of members and of named ports hold under one number.
public enum SetNumber: Hashable, Sendable {
    /// The members of a group, by the group's key.
    case members(String)
    /// The ports of that name and protocol of the members of a group, by the group's key.
    case ports(String, String, NetworkPolicy.Transport)

    /// The group's key.
    public var group: String {
        switch self {
        case .members(let group), .ports(let group, _, _): group
        }
    }

    /// The text that a number is made of.
    var text: String {
        switch self {
        case .members(let group): group
        case .ports(let group, let name, let transport): "\(group) \(transport.rawValue) \(name)"
        }
    }
}
