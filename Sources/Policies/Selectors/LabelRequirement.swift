/// One of the `matchExpressions` of a selector (meta/v1 LabelSelectorRequirement).
public struct LabelRequirement: Hashable, Sendable {
    /// What is asked of a label.
    public enum Operator: String, Hashable, Sendable, CaseIterable {
        /// It has one of the values.
        case isIn = "In"
        /// It has none of the values; also true of an object without the label.
        case isNotIn = "NotIn"
        /// The object has it, whatever its value.
        case exists = "Exists"
        /// The object does not have it.
        case doesNotExist = "DoesNotExist"
        /// It has one of the values, or the object is without it. Kubernetes cannot say this; Romana's segment
        /// `default` means it, since pods without the label are in that segment.
        case isInOrMissing = "InOrMissing"
    }

    /// The label's name.
    public var key: String
    /// What is asked of it.
    public var `operator`: Operator
    /// The values that In, NotIn and InOrMissing are about.
    public var values: [String]

    /// A requirement; `values` is for In, NotIn and InOrMissing.
    public init(_ key: String, _ operator: Operator, _ values: [String] = []) {
        self.key = key
        self.operator = `operator`
        self.values = values
    }

    /// Whether these labels meet it.
    public func matches(_ labels: [String: String]) -> Bool {
        let value = labels[key]
        return switch `operator` {
        case .isIn: value.map(values.contains) ?? false
        case .isNotIn: value.map { !values.contains($0) } ?? true
        case .exists: value != nil
        case .doesNotExist: value == nil
        case .isInOrMissing: value.map(values.contains) ?? true
        }
    }
}
