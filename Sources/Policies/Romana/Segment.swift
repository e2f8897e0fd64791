/// What Romana calls a segment: the pods of a namespace that a label puts together.
public enum Segment {
    /// The label that names a pod's segment.
    public static let label = "romana.io/segment"
    /// The segment of the pods that name none.
    public static let ofUnlabelled = "default"

    /// The segment of a pod with these labels.
    public static func of(labels: [String: String]) -> String {
        let name = labels[label] ?? ""
        return name.isEmpty ? ofUnlabelled : name
    }

    /// Selects the pods of a segment; of all segments when the name is empty.
    static func selector(_ name: String) -> LabelSelector {
        switch name {
        case "": LabelSelector()
        case ofUnlabelled:
            LabelSelector(matchExpressions: [LabelRequirement(label, .isInOrMissing, [ofUnlabelled, ""])])
        default: LabelSelector(matchLabels: [label: name])
        }
    }
}
