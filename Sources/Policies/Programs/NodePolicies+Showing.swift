/// What a direction of a pod's traffic is held to, for people.
public struct ProfileName: Hashable, Sendable {
    /// The chain that all pods with the same policies share.
    public let chain: String
    /// The titles of the policies.
    public let titles: String
}

extension NodePolicies {
    /// How many policies are known.
    public var statementCount: Int { statements.count }

    /// What each direction of a pod's traffic is held to; a direction that no policy is about is left out.
    public func profiles(of id: String) -> [NetworkPolicy.Direction: ProfileName] {
        (pods[id]?.applied ?? [:]).compactMapValues { key in
            profiles[key]?.profile.map { ProfileName(chain: $0.chain.name, titles: $0.chain.titles) }
        }
    }
}
