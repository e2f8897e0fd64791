extension LabelSelector: CustomStringConvertible {
    /// What it asks for, as kubectl writes it: `app=web, tier in (a, b), !canary`; nothing when it asks for nothing.
    public var description: String {
        let labels = matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return (labels + matchExpressions.map(\.description)).joined(separator: ", ")
    }
}

extension LabelRequirement: CustomStringConvertible {
    /// What it asks for, as kubectl writes it.
    public var description: String {
        let list = "(\(values.joined(separator: ", ")))"
        return switch `operator` {
        case .isIn: "\(key) in \(list)"
        case .isNotIn: "\(key) notin \(list)"
        case .exists: key
        case .doesNotExist: "!\(key)"
        case .isInOrMissing: "\(key) in \(list) or missing"
        }
    }
}
